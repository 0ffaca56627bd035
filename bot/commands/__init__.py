"""The commands of `rightsdesk`, one noun a file."""

"""The world outside: mail servers, Slack, the clock, the command line."""

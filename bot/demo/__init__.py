"""The whole desk on this machine: a mail server, an SMTP server, a local Slack and sample mails, none of which needs an account."""

"""Slack: listeners in, posts out; cards and modals are pure functions of a case."""

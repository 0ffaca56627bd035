"""The letters' templates, found as package data wherever the program is installed."""

"""Slack: events, commands and interactions in; blocks out."""

"""What the app asks of a Slack workspace: the permissions that the code uses, and why. The manifest names the same."""

SCOPES = {
    "chat:write": "post cards and letters' news, redraw them, and answer one person privately",
    "channels:read": "see whether the desk's channel exists and the app is in it",
    "groups:read": "see the same of a private channel",
    "channels:history": "find a post again after Slack gave no answer, so that nothing is posted twice",
    "groups:history": "find the same in a private channel",
    "im:history": "find the same in a direct message",
    "im:write": "send the digest to managers",
    "users:read": "see whether the people of the staff list exist and are no guests, and which language they read",
    "usergroups:read": "see who is in the staff's user group, where the settings name one",
    "files:read": "take files that staff dropped into a case's thread along with a letter",
    "commands": "offer /privacy and the message shortcut",
}
"""Bot token scopes, each with its reason."""

APP_SCOPES = {"connections:write": "listen over Socket Mode"}
"""Scopes of the app-level token; these don't stand in the manifest."""

EVENTS = ("app_home_opened",)
SHORTCUTS = ("rd:case-from-message",)
COMMANDS = ("/privacy",)

"""What Slack's refusals mean, and how to mend them."""

from slack_sdk.errors import SlackApiError

from bot.carriers import Later, Rejected

AGAIN = 20.0
"""Seconds until the next try where Slack does not say."""

_PASSING = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org", "accesslimited"})
_MURKY = frozenset({"internal_error", "fatal_error", "request_timeout"})
_SETTINGS = {
    "channel_not_found": "Slack knows no such channel, or the app is not in it: set `channel` to its id and invite the app with /invite.",
    "not_in_channel": "The app is not in the desk's channel: invite it there with /invite.",
    "is_archived": "The desk's channel is archived: unarchive it, or set another `channel`.",
    "invalid_auth": "Slack refuses this token: install the app again and set the new token.",
    "not_authed": "The token is missing: set it.",
    "not_allowed_token_type": "This is the wrong kind of token: the bot token begins with xoxb-, the app token with xapp-.",
    "account_inactive": "The app was removed from the workspace: install it again and set the new token.",
    "token_revoked": "The token was revoked: install the app again and set the new token.",
    "token_expired": "The token is too old: install the app again and set the new token.",
    "missing_scope": "The app lacks a permission: install it again with the manifest slack-manifest.yaml.",
    "restricted_action": "A rule of the workspace forbids the app to post there: ask an administrator.",
}
_ITEM = {
    "message_not_found": "The post was deleted in Slack, so it can't be redrawn.",
    "cant_update_message": "The post belongs to another app, so it can't be redrawn.",
    "cant_delete_message": "The post belongs to another app, so it can't be deleted.",
    "user_not_found": "Slack knows no such person: check the staff list.",
    "users_not_found": "Slack knows no such person: check the staff list.",
    "invalid_blocks": "Slack refuses the form of this post: please report this with the log.",
    "msg_too_long": "Slack refuses this post as too long: please report this with the log.",
}


def mending(code: str) -> str:
    """A sentence for one of Slack's error codes: what it means and how to mend it."""
    return _SETTINGS.get(code) or _ITEM.get(code) or f"Slack refuses this: {code or 'no reason given'}."


def code_of(error: SlackApiError) -> str:
    """Slack's error code, '' where it gave none."""
    data = getattr(error.response, "data", error.response)
    return str(data.get("error") or "") if isinstance(data, dict) else ""


def status_of(error: SlackApiError) -> int:
    """The HTTP status, 0 where there was none."""
    answer = error.response
    return int(getattr(answer, "status_code", None) or getattr(answer, "status", None) or 0)


def refusal(error: SlackApiError) -> Later | Rejected | None:
    """Later or Rejected where Slack certainly did nothing; None where that is not certain."""
    status, code = status_of(error), code_of(error)
    if status == 429 or code in _PASSING:
        headers = getattr(error.response, "headers", None) or {}
        after = str(headers.get("Retry-After") or headers.get("retry-after") or "")
        return Later(float(after) if after.isdigit() else AGAIN, said(error))
    if status >= 500 or not code or code in _MURKY:
        return None
    return Rejected(mending(code), mendable=code in _SETTINGS)


def said(error: SlackApiError) -> str:
    """What Slack answered, for the log."""
    return f"Slack answers {code_of(error) or status_of(error)}"

"""Logins of subscribers: a secret in the browser, its hash in public, one row a host."""

from cabinet.subscribers.sessions.cookies import (
    delete_secret_cookie,
    new_secret,
    secret_hash,
    set_secret_cookie,
)
from cabinet.subscribers.sessions.services import (
    LIFETIME,
    SEEN_EVERY,
    SessionRefused,
    session_end,
    session_of,
    session_start,
    sessions_end,
    subscriber_lock,
)

__all__ = [
    "LIFETIME",
    "SEEN_EVERY",
    "SessionRefused",
    "delete_secret_cookie",
    "new_secret",
    "secret_hash",
    "session_end",
    "session_of",
    "session_start",
    "sessions_end",
    "set_secret_cookie",
    "subscriber_lock",
]

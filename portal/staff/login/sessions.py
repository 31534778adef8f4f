"""Sessions of staff: who is in, and their end.

Django's table of sessions has those of the schema's staff alone: people of the cabinet have another.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, update_session_auth_hash
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.models import Session
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.http.addresses import client_address
from portal.http.devices import device_in_words
from portal.secrets import keyed_hash
from portal.staff.models import StaffUser

_NOTE = "staff_seen"
_NOTED_EVERY = datetime.timedelta(minutes=5)
# Longer than the time between two notes: who reads a long page is still in.
IN_NOW = datetime.timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class StaffSession:
    """A session that is open. `mark` stands for its key, which is a secret."""

    key: str
    mark: str
    user_id: int
    began_at: datetime.datetime
    seen_at: datetime.datetime
    address: str
    browser: str

    @property
    def is_now(self) -> bool:
        """Tell whether its owner is in the admin at this moment."""
        return self.seen_at > timezone.now() - IN_NOW


@receiver(user_logged_in)
def session_begun(request: HttpRequest, user: Any, **_: Any) -> None:
    """Note who begins a session, from where and by which browser."""
    if isinstance(user, StaffUser):
        now = timezone.now().timestamp()
        request.session[_NOTE] = {
            "began": now,
            "seen": now,
            "address": client_address(request),
            "browser": request.headers.get("User-Agent", "")[:300],
        }


def session_seen(request: HttpRequest) -> None:
    """Note that the session's owner is in; once in five minutes, because it writes the row."""
    note = request.session.get(_NOTE)
    now = timezone.now()
    if note and now.timestamp() - note["seen"] > _NOTED_EVERY.total_seconds():
        request.session[_NOTE] = {
            **note,
            "seen": now.timestamp(),
            "address": client_address(request),
        }


def sessions_open() -> dict[int, list[StaffSession]]:
    """Return the open sessions of the schema's staff by their owner, the last one seen first."""
    found = defaultdict(list)
    for session in sorted(_sessions(), key=lambda one: one.seen_at, reverse=True):
        found[session.user_id].append(session)
    return dict(found)


def sessions_of(user: StaffUser) -> list[StaffSession]:
    """Return a person's open sessions, the last one seen first."""
    return sessions_open().get(user.pk, [])


def _sessions() -> Iterator[StaffSession]:
    """Read every session that is not over; those that a new password has ended are left out."""
    hashes: dict[int, str] = {
        user.pk: user.get_session_auth_hash() for user in StaffUser.objects.all()
    }
    for row in Session.objects.filter(expire_date__gt=timezone.now()):
        said = row.get_decoded()
        owner = said.get(SESSION_KEY, "")
        user_id = int(owner) if str(owner).isdecimal() else 0
        if user_id not in hashes or said.get(HASH_SESSION_KEY) != hashes[user_id]:
            continue
        note = said.get(_NOTE) or {}
        yield StaffSession(
            key=row.session_key,
            mark=_mark(row.session_key),
            user_id=user_id,
            began_at=_moment(note.get("began", 0)),
            seen_at=_moment(note.get("seen", 0)),
            address=note.get("address", ""),
            browser=device_in_words(note.get("browser", "")),
        )


@transaction.atomic
def session_end(*, user: StaffUser, mark: str) -> None:
    """End one of a person's own sessions. Nothing happens if it is over already."""
    for session in sessions_of(user):
        if session.mark == mark:
            Session.objects.filter(session_key=session.key).delete()
            audit_write(actor=user, action="staff.session_end", subject=user)


@transaction.atomic
def sessions_end_others(*, request: HttpRequest, user: StaffUser) -> None:
    """End all sessions of a person but the one of this request."""
    own = StaffUser.objects.select_for_update().get(pk=user.pk)
    sessions_forget(own, but=request.session.session_key)
    update_session_auth_hash(request, own)
    audit_write(actor=user, action="staff.sessions_end", subject=user)


def sessions_forget(user: StaffUser, *, but: str | None = None) -> None:
    """End a person's sessions for good, in the caller's transaction: neither a copy nor a backup lives on.

    The row of the session `but` stays, and needs the new hash.
    """
    keys = [session.key for session in sessions_of(user) if session.key != but]
    Session.objects.filter(session_key__in=keys).delete()
    user.sessions_from = timezone.now()
    user.save(update_fields=["sessions_from"])


def _mark(key: str) -> str:
    return keyed_hash(key, purpose=f"portal.staff.session.{current_schema()}")[:32]


def _moment(seconds: float) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(seconds, tz=datetime.UTC)

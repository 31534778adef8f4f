"""Saving a company's own text of a kind of message: each change is a new version."""

from django.db import IntegrityError, transaction

from portal.audit.changes import changes_between, row_values
from portal.audit.services import audit_write
from portal.messaging.models import MessageTemplate
from portal.messaging.wording import Wording, wording_newest
from portal.staff.models import StaffUser


class NewerVersion(Exception):
    """Somebody has saved another version since the author began."""


def wording_save(
    *, wording: Wording, author: StaffUser, since: int, subject: str, text: str, short_text: str
) -> MessageTemplate:
    """Put a company's own text in force. `since` is the version that its author has seen, 0 for none.

    Raises NewerVersion if it is not the newest one.
    """
    return _add(
        wording,
        author,
        since,
        MessageTemplate(subject=subject, text=text, short_text=short_text),
    )


def wording_reset(*, wording: Wording, author: StaffUser, since: int) -> MessageTemplate:
    """Put the portal's text in force again. Raises NewerVersion."""
    return _add(wording, author, since, MessageTemplate(is_standard=True))


@transaction.atomic
def _add(
    wording: Wording, author: StaffUser, since: int, version: MessageTemplate
) -> MessageTemplate:
    newest = wording_newest(wording.kind)
    before = _texts(newest)
    if (newest.version if newest else 0) != since:
        raise NewerVersion
    version.kind, version.version = wording.kind, since + 1
    version.author = author.get_username()[:150]
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:  # two at the same moment: one of them has the number
        raise NewerVersion from error
    audit_write(
        actor=author,
        action="message.worded",
        subject=wording.title,
        details={"version": version.version}
        | ({"is_standard": True} if version.is_standard else {}),
        changes=changes_between(before, _texts(version)),
    )
    return version


def _texts(version: MessageTemplate | None) -> dict[str, str]:
    if version is None or version.is_standard:
        return {}
    return row_values(version, ("subject", "text", "short_text"))

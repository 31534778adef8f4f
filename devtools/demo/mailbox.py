"""Reading what the mail catcher has caught: letters, and the demo's SMS."""

import datetime
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from portal.messaging.contrib.demo_sms import DOMAIN

_NAME = re.compile(r"\d{20}-[0-9a-f]{6}")
SHOWN = 200


@dataclass(frozen=True, kw_only=True)
class Letter:
    name: str
    received: datetime.datetime
    sender: str
    recipient: str
    subject: str
    text: str
    attachments: list[str]
    is_sms: bool


def letters(folder: Path) -> list[Letter]:
    """Return the newest letters, as many as a page can show."""
    names = sorted((path.stem for path in folder.glob("*.eml")), reverse=True)
    return [letter for name in names[:SHOWN] if (letter := letter_read(folder, name))]


def letter_read(folder: Path, name: str) -> Letter | None:
    """Return a letter, or None if there is none of this name."""
    path = folder / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        return None
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if not isinstance(message, EmailMessage):  # the default policy makes no others
        return None
    body = message.get_body(preferencelist=("plain",))
    number, _at, domain = str(message["To"] or "").partition("@")
    is_sms = domain == DOMAIN
    return Letter(
        name=name,
        received=datetime.datetime.fromtimestamp(int(name[:20]) / 1e9, tz=datetime.UTC),
        sender=str(message["From"] or ""),
        recipient=number if is_sms else str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body else "",
        attachments=[part.get_filename() or "" for part in message.iter_attachments()],
        is_sms=is_sms,
    )

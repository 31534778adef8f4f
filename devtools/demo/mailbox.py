"""The folder of what the portal has sent in the demo: letters, SMS, and messages in MAX."""

import datetime
import email.policy
import os
import re
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from portal.messaging.contrib.demo_sms import DOMAIN

MAX_DOMAIN = "max.demo"
_NAME = re.compile(r"\d{20}-[0-9a-f]{6}")
_CHANNELS = {DOMAIN: "СМС", MAX_DOMAIN: "MAX"}
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
    # «СМС» or «MAX», empty for a letter.
    channel: str


def letter_write(folder: Path, raw: bytes) -> str:
    """Put a letter into the folder, whole or not at all; return its name."""
    name = f"{time.time_ns():020d}-{os.urandom(3).hex()}"
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(raw)
    unfinished.rename(folder / f"{name}.eml")
    return name


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
    channel = _CHANNELS.get(domain, "")
    return Letter(
        name=name,
        received=datetime.datetime.fromtimestamp(int(name[:20]) / 1e9, tz=datetime.UTC),
        sender=str(message["From"] or ""),
        recipient=number if channel else str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=body.get_content() if body else "",
        attachments=[part.get_filename() or "" for part in message.iter_attachments()],
        channel=channel,
    )

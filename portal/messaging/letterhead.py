"""What a company adds to its letters: the sender's name, an address for answers, a note, a signature.

`From` stays the portal's own address, for which it has SPF and DKIM.
"""

from dataclasses import dataclass, replace
from email.headerregistry import Address
from email.utils import parseaddr

from django.conf import settings
from wagtail.models import Site

from portal.messaging.models import Message
from portal.messaging.wording import WORDINGS, remembered, text_in_force

SIGNATURE_LENGTH, NOTE_LENGTH = 500, 600
# The letter by which staff try all this.
TEST = "staff_letter_test"
# Kinds whose text is the portal's, below which a company may put words of its own.
_noted: set[str] = set()


@dataclass(frozen=True)
class Letterhead:
    """`note` stands below the first lines of its kind's letters; "" for what there is not."""

    sender: str = ""
    reply_to: str = ""
    signature: str = ""
    note: str = ""


def notes_open(*kinds: str) -> None:
    """Let companies add a note to kinds. Never to one with a code, a password or a warning."""
    _noted.update(kinds)


def takes_note(kind: str) -> bool:
    return kind in _noted


def takes_signature(kind: str) -> bool:
    """Tell whether a company's words may stand in a kind at all."""
    return kind in _noted or kind in WORDINGS or kind == TEST


def letterhead() -> Letterhead:
    """Return what all letters of the current schema have. One query."""
    return remembered("letterhead", _ask)


def letterhead_of(message: Message) -> Letterhead:
    """Return what a letter has; of the company's words only what its kind is open for."""
    own, kind = letterhead(), message.kind
    own = replace(own, reply_to=message.reply_to or own.reply_to)
    if not takes_signature(kind):
        return replace(own, signature="")
    version = remembered(kind, lambda: text_in_force(kind)) if takes_note(kind) else None
    return replace(own, note=version.text if version else "")


def sender_address(name: str) -> Address:
    """Return the portal's address under the name of a company, else under its own."""
    own, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return Address(display_name=name or own, addr_spec=address)


def _ask() -> Letterhead:
    site = Site.objects.filter(is_default_site=True).select_related("messagesettings").first()
    if site is None:
        return Letterhead()
    own = getattr(site, "messagesettings", None)
    if own is None:
        return Letterhead(sender=site.site_name)
    return Letterhead(
        sender=own.sender_name or site.site_name,
        reply_to=own.reply_to,
        signature=own.signature,
    )

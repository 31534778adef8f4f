from dataclasses import dataclass
from typing import Any

from django.conf import settings

from cabinet.subscribers.models import ContactChange, Subscriber
from portal.messaging.models import Message
from portal.messaging.services import message_send
from tenants.models import GasCompany


@dataclass(frozen=True)
class Letters:
    """What is written about a change, in the caller's transaction."""

    change: ContactChange
    subscriber: Subscriber
    company: GasCompany

    def confirm(self, secret: str, url: str) -> None:
        """To the new contact: a link, or a code."""
        if self._is_email:
            self._send("email_change", self.change.value, {"url": url})
        else:
            self._send("phone_code", self.change.value, {"code": secret})

    def taken(self) -> None:
        """To the owner of a contact that somebody else wanted for theirs."""
        self._send(
            "contact_taken", self.change.value, {"url": f"{self.company.url}/cabinet/login/"}
        )

    def warn(self, stop_url: str) -> None:
        """To the contact that is in force now: the old one, or else the other one."""
        recipient = self.change.old_value or self.subscriber.email or str(self.subscriber.phone)
        context = {
            "is_email": self._is_email,
            "new_value": _masked(self.change.value),
            "url": stop_url,
            "days": settings.CONTACT_UNDO_DAYS,
        }
        self._send("contact_change_warning", recipient, context)

    @property
    def _is_email(self) -> bool:
        return self.change.kind == ContactChange.Kind.EMAIL

    def _send(self, kind: str, recipient: str, context: dict[str, Any]) -> None:
        message_send(
            kind=kind,
            recipient=recipient,
            channel=Message.Channel.EMAIL if "@" in recipient else Message.Channel.SMS,
            context={"company_name": self.company.name, **context},
            person=None if kind == "contact_taken" else self.subscriber.pk,
        )


def _masked(value: str) -> str:
    """Enough for its owner to know it: n…@mail.ru, +7…4567."""
    name, at, host = value.partition("@")
    return f"{name[:1]}…{at}{host}" if at else f"{value[:2]}…{value[-4:]}"

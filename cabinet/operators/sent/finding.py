"""Messages that the company has sent, as operators look for them: by an account, a contact, a period."""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.notifications.sent import TITLES
from cabinet.subscribers.contacts import Contact, email_normal
from cabinet.subscribers.models import Subscriber
from portal.formats.dates import day_begins
from portal.formats.fields import DayField, PeriodForm
from portal.formats.phones import phone_normal
from portal.formats.text import account_keys
from portal.messaging.models import Message

USUAL = datetime.timedelta(days=7)
LONGEST = datetime.timedelta(days=366)
# Contacts are encrypted: of messages to nobody in particular so many are looked through.
_LOOKED_THROUGH = 3000
_SHOWN_OF_ONE = 500


class DaysForm(PeriodForm):
    """The days of a list, both of them in it; a week up to today unless others are asked for."""

    since = DayField(label=_("С\u00a0какого дня"))
    until = DayField(label=_("По\u00a0какой день"))

    def clean(self) -> dict[str, Any]:
        chosen = super().clean()
        first, last = self.days
        if last - first > LONGEST:
            self.add_error("since", _("Покажем не\u00a0больше года: выберите день позже."))
        return chosen

    @property
    def days(self) -> tuple[datetime.date, datetime.date]:
        """Return the days that were asked for, or the last week."""
        found = getattr(self, "cleaned_data", {})
        last = found.get("until") or timezone.localdate()
        return found.get("since") or last - USUAL, last


def messages_of_days(first: datetime.date, last: datetime.date) -> QuerySet[Message]:
    """Return the messages to subscribers and visitors that were written on these days, the newest first."""
    rows = Message.objects.filter(kind__in=list(TITLES), created_at__gte=day_begins(first))
    rows = rows.filter(created_at__lt=day_begins(last + datetime.timedelta(days=1)))
    return rows.defer("text", "html", "context", "subject").order_by("-created_at", "-pk")


def messages_meant(typed: str, rows: QuerySet[Message]) -> Q:
    """Return which of these messages are about an account, or went to an address or a telephone."""
    numbers = PersonalAccount.objects.filter(number_key__in=account_keys(typed))
    found = Q(account_number__in=[*numbers.values_list("account_number", flat=True), typed])
    contact = _contact_of(typed)
    if contact is None:
        return found
    persons = list(Subscriber.objects.filter(**contact.lookup()).values_list("pk", flat=True))
    channel = Message.Channel.EMAIL if contact.kind == "email" else Message.Channel.SMS
    to_others = rows.filter(channel=channel).only("recipient")[:_LOOKED_THROUGH]
    others = [one.pk for one in to_others if one.recipient == contact.value]
    return found | Q(person__in=persons) | Q(pk__in=others[:_SHOWN_OF_ONE])


def _contact_of(typed: str) -> Contact | None:
    try:
        if "@" in typed:
            return Contact("email", email_normal(typed))
        return Contact("phone", phone_normal(typed))
    except ValidationError:
        return None

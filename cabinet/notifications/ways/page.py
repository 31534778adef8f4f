"""The page «Как сообщать»: which kinds by which channels, as far as the person has them."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from cabinet.max.selectors import max_state
from cabinet.notifications.kinds import EMAIL, KINDS, MAX, PUSH, SMS
from cabinet.notifications.models import SmsNumber
from cabinet.notifications.push.keys import public_key
from cabinet.notifications.push.selectors import push_is_on
from cabinet.notifications.ways.choices import channels_of, choices_of
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import Subscriber
from portal.formats.numbers import NO_BREAK
from portal.messaging.registry import channel_available
from tenants.models import GasCompany

# Those that a gas company alone tells of.
_OF_GAS = {
    "readings_received",
    "readings_sent_by_other",
    "readings_reminder",
    "appointment_booked",
    "appointment_moved",
    "appointment_cancelled",
    "appointment_reminder",
    "waiting_joined",
    "window_offered",
    "connection_submitted",
    "connection_state",
    "connection_papers_asked",
}

Offered = dict[str, list[tuple[str, str]]]


@dataclass(frozen=True)
class Ways:
    """`offered`: value and label of the channels by kind; `chosen`: those that are on.

    `only_here`: kinds that this person can have in the cabinet alone. `has_sms` and `may_sms`: a telephone
    is there, or could be added; the same of MAX and of browsers that show notifications.
    """

    offered: Offered
    chosen: dict[str, list[str]]
    only_here: list[str]
    has_sms: bool
    may_sms: bool
    has_max: bool
    may_max: bool
    has_push: bool
    may_push: bool


def ways_of(person: Subscriber, company: GasCompany) -> Ways:
    """Return what the person can choose on this company's host; its schema is entered."""
    sms = SmsNumber.objects.filter(
        subscriber_id=person.pk, is_on=True, confirmed_at__isnull=False, refused_at=None
    ).exists()
    chat = max_state(person.pk)
    has_max = bool(chat.chat and chat.chat.is_on)
    has_push = push_is_on(person.pk)
    offered: Offered = {}
    only_here = []
    for kind, about in KINDS.items():
        if about.is_protective or (kind in _OF_GAS and not company.is_gas):
            continue
        labels = {
            EMAIL: _login_label(person, may_sms=SMS in about.channels),
            SMS: _("СМС") if sms else "",
            MAX: "MAX" if has_max else "",
            PUSH: _("Уведомление в браузере") if has_push else "",
        }
        possible = [
            (one, label) for one, label in labels.items() if one in about.channels and label
        ]
        if possible:
            offered[kind] = possible
        else:
            only_here.append(str(about.title))
    choices = choices_of({person.pk})
    return Ways(
        offered=offered,
        chosen={kind: sorted(channels_of(choices, person.pk, kind)) for kind in offered},
        only_here=only_here,
        has_sms=sms,
        may_sms=channel_available("sms"),
        has_max=has_max,
        may_max=chat.is_shown,
        has_push=has_push,
        may_push=bool(public_key()),
    )


def _login_label(person: Subscriber, *, may_sms: bool) -> str:
    """Name the letter, or the SMS that a login without an address gets instead of it."""
    if person.email:
        return _("Письмо")
    if person.phone and may_sms:
        number = str(Contact("phone", person.phone)).replace(" ", NO_BREAK)
        return _("СМС на номер входа %(number)s") % {"number": number}
    return ""

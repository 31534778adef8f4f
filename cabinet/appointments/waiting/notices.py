"""What those who wait hear: written in the transaction of the change.

A guest hears by the contact that he has confirmed, with the link that acts for him; who has a login, by the
bell and by the ways chosen, with the page of the cabinet.
"""

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.appointments.models import Appointment, WaitingEntry
from cabinet.appointments.page.steps import moment_words
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import Subscriber
from cms_pages.selectors import company_phone
from portal.formats.dates import day_and_month, weekday_and_day
from portal.formats.phones import phone_normal
from portal.messaging.models import Message
from portal.messaging.registry import channel_available
from portal.messaging.services import message_send
from portal.secrets import code_for_people
from tenants.selectors import current_company

CODE, JOINED, OFFERED = "appointment_code", "waiting_joined", "window_offered"


def sms_offered() -> bool:
    """Tell whether codes and offers can go by SMS."""
    return channel_available(Message.Channel.SMS)


def entry_path(entry: WaitingEntry) -> str:
    """Return the page of an entry for who has a login."""
    return reverse("appointments:waiting_entry", args=[entry.form_key])


def notify_code(entry: WaitingEntry, code: str) -> None:
    """Send the code that confirms a guest's contact."""
    _to_guest(entry, CODE, {"code": code_for_people(code)})


def notify_joined(entry: WaitingEntry, secret: str) -> None:
    """Confirm that somebody waits, and how to leave; no SMS, because the page has said it all."""
    context = {**_wish(entry), "url": _link(secret)}
    if entry.subscriber_id:
        title = _("Вы в листе ожидания")
        text = _("Напишем, когда освободится время: %(days)s.") % context
        _to_subscriber(entry, JOINED, title, text, context)
    elif entry.email:
        _to_guest(entry, JOINED, context, by_sms=False)


def notify_offered(entry: WaitingEntry, window: Appointment, secret: str, *, is_last: bool) -> None:
    """Offer a window: when and where it is, and until when to accept it."""
    begins, until = timezone.localtime(window.starts_at), window.held_until
    context = {
        **_wish(entry),
        "day": weekday_and_day(begins.date()),
        "time": f"{begins:%H:%M}",
        "when_short": f"{day_and_month(begins.date())} в\u00a0{begins:%H:%M}",
        "until": moment_until(until) if until else "",
        "replaces": replaced(entry),
        "is_last": is_last,
        "url": _link(secret),
    }
    if entry.subscriber_id:
        title = _("Освободилось время: %(day)s, %(time)s") % context
        text = _("Ответьте до %(until)s, иначе предложим это время следующему.") % context
        _to_subscriber(entry, OFFERED, title, text, context)
    else:
        _to_guest(entry, OFFERED, context)


def replaced(entry: WaitingEntry) -> str:
    """Return the day and time of the booking that an earlier window replaces; empty without one."""
    if entry.appointment is None:
        return ""
    return moment_words(entry.appointment.starts_at)


def moment_until(moment: datetime.datetime) -> str:
    """Format a moment soon to come, to stand after «до»: `14:20`, or `9:30 2 декабря` on another day."""
    local = timezone.localtime(moment)
    if local.date() == timezone.localdate():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} {day_and_month(local.date())}"


def _wish(entry: WaitingEntry) -> dict[str, Any]:
    return {
        "centre_name": entry.centre.name,
        "address": entry.centre.address,
        "service": entry.service.name,
        "days": entry.days_in_words,
        "phone": company_phone(),
    }


def _link(secret: str) -> str:
    company = current_company()
    return f"{company.url if company else ''}{reverse('appointments:offer', args=[secret])}"


def _to_guest(
    entry: WaitingEntry, kind: str, context: dict[str, Any], *, by_sms: bool = True
) -> None:
    company = current_company()
    for channel, recipient in guest_ways(entry.phone if by_sms else "", entry.email):
        message_send(
            kind=kind,
            recipient=recipient,
            channel=channel,
            context={**context, "company_name": company.name if company else "", "for_guest": True},
        )


def guest_ways(phone: str, email: str) -> list[tuple[str, str]]:
    """Return where a guest is written to: what he has to answer soon goes to each of his contacts.

    Operators write down telephones that get no SMS.
    """
    ways = [(Message.Channel.EMAIL.value, email)] if email else []
    if phone and sms_offered() and _gets_sms(phone):
        ways.append((Message.Channel.SMS.value, phone))
    return ways


def _gets_sms(phone: str) -> bool:
    try:
        return bool(phone_normal(phone))
    except ValidationError:
        return False


def _to_subscriber(
    entry: WaitingEntry, kind: str, title: str, text: str, context: dict[str, Any]
) -> None:
    company = current_company()
    if company is None or entry.subscriber_id is None:
        return
    person = Subscriber.objects.filter(pk=entry.subscriber_id).first()
    if person is None:
        return
    path = entry_path(entry)
    shown = {**context, "company_name": company.name, "url": f"{company.url}{path}"}
    notify(Notice(subscriber=person, kind=kind, title=title, text=text, path=path, context=shown))

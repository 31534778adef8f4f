"""What the applicant hears of an application: written in the transaction of the change.

Who has a login hears by the bell and by the ways chosen; who has none, by a letter, or an SMS where no
address was given. A letter names the application's number and no address or name.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cabinet.connection.lifecycle.words import state_said, until_said
from cabinet.connection.models import ConnectionApplication, PaperRequest
from cabinet.notifications.models import Notification
from cabinet.notifications.reading import notifications_read
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import Subscriber
from cms_pages.selectors import company_phone
from portal.messaging.models import Message
from portal.messaging.services import Letter, messages_write
from tenants.selectors import current_company

SUBMITTED, STATE, ASKED = "connection_submitted", "connection_state", "connection_papers_asked"
_SHOWN_IN_BELL = 300


def application_path(application: ConnectionApplication) -> str:
    """Return the address of the page of an application, for its applicant."""
    return reverse("connection:application", args=[application.number])


def notify_submitted(application: ConnectionApplication) -> None:
    """Confirm an application: its number, and to whom it goes."""
    title = _("Заявка №\u00a0%(number)s принята") % {"number": application.number}
    text = _("Получатель — %(recipient)s.") % {"recipient": application.recipient}
    _notify(application, SUBMITTED, title, text, {})


def notify_state(application: ConnectionApplication, text: str = "") -> None:
    """Notify of a new state, with the text of the operator."""
    said, until = state_said(application), until_said(application)
    title = _("Заявка №\u00a0%(number)s — %(state)s") % {
        "number": application.number,
        "state": application.get_state_display().lower(),
    }
    is_new = application.state == application.State.REGISTERED
    context = {
        "said": said,
        "until": until,
        "answer": text,
        "recipient_number": application.recipient_number if is_new else "",
    }
    _notify(application, STATE, title, " ".join(filter(None, [text or said, until])), context)


def notify_asked(application: ConnectionApplication, requests: Sequence[PaperRequest]) -> None:
    """Ask for papers."""
    title = _("По заявке №\u00a0%(number)s нужны документы") % {"number": application.number}
    names = [one.name for one in requests]
    asked = [{"name": one.name, "text": one.text} for one in requests]
    _notify(application, ASKED, title, ", ".join(names), {"asked": asked})


def notices_read(application: ConnectionApplication) -> None:
    """Note that the applicant has read what the bell says of an application."""
    if application.subscriber_id is None:
        return
    about = Q(kind__in=[SUBMITTED, STATE, ASKED], path=application_path(application))
    unread = Notification.objects.filter(
        about, subscriber_id=application.subscriber_id, read_at=None
    )
    if pks := list(unread.values_list("pk", flat=True)):
        notifications_read(application.subscriber_id, pks)


def _notify(
    application: ConnectionApplication, kind: str, title: str, text: str, context: dict[str, Any]
) -> None:
    company = current_company()
    if company is None:
        return
    path = application_path(application)
    context = {
        **context,
        "number": application.number,
        "recipient": application.recipient,
        "company_name": company.name,
        "phone": company_phone(),
        "url": f"{company.url}{path}",
    }
    if application.subscriber_id is None:
        query = urlencode({"number": application.number})
        status = f"{company.url}{reverse('connection:status')}?{query}"
        _to_guest(application, kind, {**context, "url": status})
        return
    person = Subscriber.objects.filter(pk=application.subscriber_id).first()
    if person is None:
        return
    notify(
        Notice(
            subscriber=person,
            kind=kind,
            title=title,
            text=Truncator(text).chars(_SHOWN_IN_BELL),
            path=path,
            address="" if person.email else application.email,
            context=context,
        )
    )


def _to_guest(application: ConnectionApplication, kind: str, context: dict[str, Any]) -> None:
    context = {**context, "for_guest": True}
    if application.email:
        messages_write([Letter(kind=kind, recipient=application.email, context=context)])
    elif application.phone:
        sms = Message.Channel.SMS
        messages_write(
            [Letter(kind=kind, recipient=application.phone, context=context, channel=sms)]
        )

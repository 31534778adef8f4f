"""What the writer of an appeal hears of it: written in the transaction of the change.

Who has a login hears by the bell and by the ways chosen, whether the account is still linked or not; who
wrote without one, by a letter to the address that was typed. That may be anybody's: nothing that was typed
is repeated in it, and nothing of an account.
"""

import datetime
import hashlib
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from cabinet.appeals.lifecycle.clock import term_said
from cabinet.appeals.models import Appeal, AppealFile, AppealMessage
from cabinet.notifications.models import Notification
from cabinet.notifications.reading import notifications_read
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import Subscriber
from cms_pages.selectors import company_phone
from portal.messaging.services import Letter, StoredFile, messages_write
from portal.uploads.documents import CONTENT_TYPES
from portal.uploads.services import upload_read
from tenants.selectors import current_company

RECEIVED, ANSWERED = "appeal_received", "appeal_answered"
_SHOWN_IN_BELL = 300
# Of the site's form, to one address: anybody may type anybody's there.
_CONFIRMED_A_DAY = 5
# What mail servers take, less a third for the encoding.
_BYTES_BY_MAIL = 10 * 1024 * 1024


def appeal_path(appeal: Appeal) -> str:
    """Return the address of the page of an appeal, for who wrote it."""
    return reverse("appeals:appeal", args=[appeal.pk])


def notify_received(appeal: Appeal) -> None:
    """Confirm an appeal: its number, and until when it is answered."""
    if appeal.subscriber_id is None and _is_flooded(appeal):
        return
    text = _("Ответим до %(until)s.") % {"until": term_said(appeal)}
    title = _("Обращение №\u00a0%(number)s принято") % {"number": appeal.pk}
    _notify(appeal, RECEIVED, title, text, {"kind_name": appeal.kind_name})


def notify_answered(appeal: Appeal, message: AppealMessage, *, closes_on: str = "") -> None:
    """Notify of an answer; with `closes_on`, of a question back, answered by that day or never."""
    title = _("Вопрос по обращению №\u00a0%(number)s") if closes_on else _answer_title()
    files = list(AppealFile.objects.filter(message=message, is_internal=False))
    context = {
        "kind_name": appeal.kind_name,
        "answer": message.text,
        "files": [one.name for one in files],
        "closes_on": closes_on,
    }
    text = Truncator(message.text).chars(_SHOWN_IN_BELL)
    _notify(appeal, ANSWERED, title % {"number": appeal.pk}, text, context, files)


def notify_closed(appeal: Appeal) -> None:
    """Notify by the bell alone that no answer to a question back has come."""
    title = _("Обращение №\u00a0%(number)s закрыто") % {"number": appeal.pk}
    text = _("Мы не дождались вашего ответа. Если вопрос остался, напишите нам в этом обращении.")
    _notify(appeal, ANSWERED, title, text, None)


def notices_read(appeal: Appeal) -> None:
    """Note that the writer has read what the bell says of an appeal."""
    if appeal.subscriber_id is None:
        return
    about = Q(kind__in=[RECEIVED, ANSWERED], path=appeal_path(appeal))
    unread = Notification.objects.filter(about, subscriber_id=appeal.subscriber_id, read_at=None)
    if pks := list(unread.values_list("pk", flat=True)):
        notifications_read(appeal.subscriber_id, pks)


def _is_flooded(appeal: Appeal) -> bool:
    """Return whether visitors of the site have had enough letters sent to this address today."""
    if appeal.source != Appeal.Source.SITE or not appeal.email:
        return False
    day_ago = timezone.now() - datetime.timedelta(days=1)
    same = Appeal.objects.filter(
        email__iexact=appeal.email, source=appeal.source, created_at__gt=day_ago
    )
    return same[: _CONFIRMED_A_DAY + 1].count() > _CONFIRMED_A_DAY


def _answer_title() -> str:
    return _("Ответ на обращение №\u00a0%(number)s")


def _notify(
    appeal: Appeal,
    kind: str,
    title: str,
    text: str,
    context: dict[str, Any] | None,
    files: list[AppealFile] | None = None,
) -> None:
    """Write the notification and the letter; without `context` the notification alone."""
    company = current_company()
    if company is None:
        return
    context = context and {
        **context,
        "number": appeal.pk,
        "until": term_said(appeal),
        "company_name": company.name,
        "phone": company_phone(),
    }
    if appeal.subscriber_id is None:
        if context and appeal.email:
            _to_guest(appeal, kind, {**context, "url": company.url}, files or [])
        return
    person = Subscriber.objects.filter(pk=appeal.subscriber_id).first()
    if person is None:
        return
    path = appeal_path(appeal)
    # Not with the account: whoever gives that up keeps what he has written.
    notify(
        Notice(
            subscriber=person,
            kind=kind,
            title=title,
            text=text,
            path=path,
            address="" if person.email else appeal.email,
            only_bell=context is None,
            context={**context, "url": f"{company.url}{path}"} if context else {},
        )
    )


def _to_guest(appeal: Appeal, kind: str, context: dict[str, Any], files: list[AppealFile]) -> None:
    is_sent_along = sum(one.size for one in files) <= _BYTES_BY_MAIL
    letter = Letter(
        kind=kind,
        recipient=appeal.email,
        context={**context, "for_guest": True, "files_too_large": not is_sent_along},
        files=tuple(_attached(files)) if is_sent_along else (),
    )
    messages_write([letter])


def _attached(files: list[AppealFile]) -> list[StoredFile]:
    return [
        StoredFile(
            name=one.name,
            path=one.file_name,
            sha256=hashlib.sha256(content).hexdigest(),
            content_type=CONTENT_TYPES.get(one.extension, "application/octet-stream"),
        )
        for one in files
        if (content := upload_read(one)) is not None
    ]

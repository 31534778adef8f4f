"""Sending a message again because a member of staff wants it: once for each time that they ask."""

import uuid

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.audit.services import audit_write
from portal.jobs import job_enqueue
from portal.messaging.models import Message
from portal.messaging.services import UNSENT
from portal.staff.models import StaffUser

AT_MOST = 3
# The recipient's own doing: a second one would end in the same way.
_FOR_GOOD = {
    Message.Failure.NO_SUCH: _(
        "Такого адреса или номера нет: второе сообщение тоже не\u00a0дойдёт. Попросите абонента проверить "
        "почту и\u00a0телефон в\u00a0личном кабинете."
    ),
    Message.Failure.REFUSED: _(
        "Получатель не\u00a0принимает наши сообщения: второе тоже не\u00a0дойдёт. Свяжитесь с\u00a0ним "
        "иначе."
    ),
    Message.Failure.BLOCKED: _(
        "Получатель сам остановил бота, и\u00a0портал это уважает. Свяжитесь с\u00a0ним иначе."
    ),
}
# What a mailing writes is its own to send; to one person staff give the same in another way.
_OTHERWISE = {
    "bill_ready": _(
        "О\u00a0квитанции портал второй раз не\u00a0пишет: абонент мог уже заплатить. Квитанция есть "
        "в\u00a0его личном кабинете, а\u00a0вы можете загрузить её на\u00a0странице лицевого счёта, "
        "на\u00a0вкладке «Квитанции»."
    ),
}


class NotRepeated(Exception):
    """The message cannot be sent again; the reason is in Russian."""


def repeat_refusal(message: Message) -> str:
    """Return why the message cannot be sent again, in Russian; "" where it can."""
    if message.state == Message.State.PENDING:
        return str(_("Сообщение ещё ждёт отправки: портал отправит его сам."))
    if message.state not in UNSENT:
        return str(
            _(
                "Сообщение отправлено, и\u00a0что в\u00a0нём было, портал больше не\u00a0хранит. Попросите "
                "абонента посмотреть в\u00a0папке «Спам»."
            )
        )
    if message.kind in _OTHERWISE:
        return str(_OTHERWISE[message.kind])
    if message.kind not in settings.MESSAGES_REPEATED:
        return str(
            _(
                "Сообщения этого вида портал второй раз не\u00a0отправляет: в\u00a0них код, пароль, ссылка "
                "для входа или то, что быстро устаревает. Абонент может запросить новое на\u00a0сайте."
            )
        )
    if message.failure in _FOR_GOOD:
        return str(_FOR_GOOD[Message.Failure(message.failure)])
    if message.expires_at and message.expires_at <= timezone.now():
        return str(_("То, о\u00a0чём сообщение, уже прошло."))
    if not (message.text or message.context):
        return str(
            _("Что было в\u00a0сообщении, портал больше не\u00a0хранит: оно слишком старое.")
        )
    if message.repeats >= AT_MOST:
        return str(
            _("Это сообщение уже отправляли ещё раз трижды. Свяжитесь с\u00a0абонентом иначе.")
        )
    return ""


@transaction.atomic
def message_repeat(*, message_id: uuid.UUID, seen: int, actor: StaffUser) -> bool:
    """Queue again a message that was not sent, and log who wanted it. The same request twice does it once.

    `seen`: how often it had been repeated on the page from which the request comes. False where another
    request came first. Raises NotRepeated.
    """
    message = Message.objects.select_for_update(of=("self",)).get(pk=message_id)
    if message.repeats != seen:
        return False
    if refusal := repeat_refusal(message):
        raise NotRepeated(refusal)
    before = str(message.get_state_display())
    message.state = Message.State.PENDING
    message.due_at = timezone.now()
    message.claimed_at = message.handed_at = message.ask_at = None
    message.attempts, message.error, message.failure = 0, "", ""
    message.provider_id = ""
    message.repeats += 1
    message.save()
    audit_write(
        actor=actor,
        action="message.repeat",
        subject=message.account_number or message.pk,
        details={"kind": message.kind, "channel": message.channel, "before": before},
    )
    job_enqueue(message)
    return True

"""«Отправленные сообщения»: what became of each, and sending again where that is safe."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from limits import RateLimitItemPerHour

from cabinet.accounts.models import PersonalAccount
from cabinet.notifications.sent import TITLES, SentMessage
from cabinet.operators.finding import SEARCHES
from cabinet.operators.opening import SERVE, open_until
from cabinet.operators.sent.again import NotRepeated, message_repeat, repeat_refusal
from cabinet.operators.sent.finding import DaysForm, messages_meant, messages_of_days
from cabinet.subscribers.models import Subscriber
from portal.connection import current_schema
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.lists import DeskList, Filter, columns
from portal.desk.pages import desk_page
from portal.desk.questions import desk_ask
from portal.limits import RateLimit
from portal.messaging.models import Message

REPEATS = RateLimit("operators:repeats", RateLimitItemPerHour(60))
_COLUMNS = columns(
    gettext_lazy("О чём"),
    gettext_lazy("Лицевой счёт"),
    gettext_lazy("Кому"),
    gettext_lazy("Когда"),
    gettext_lazy("Состояние"),
)
_FILTERS = [
    Filter(
        name="kind",
        label=gettext_lazy("о чём"),
        choices=[(kind, capfirst(title)) for kind, title in TITLES.items()],
    ),
    Filter(
        name="channel",
        label=gettext_lazy("чем отправлено"),
        choices=Message.Channel.choices,
    ),
    Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=[
            (Message.State.PENDING, gettext_lazy("в\u00a0очереди")),
            (Message.State.SENT, gettext_lazy("отправлено")),
            (Message.State.DELIVERED, gettext_lazy("доставлено")),
            (Message.State.FAILED, gettext_lazy("не\u00a0доставлено")),
            (Message.State.UNKNOWN, gettext_lazy("неизвестно")),
        ],
    ),
]


@company_only
@desk_view(SERVE)
def sent_list(request: DeskRequest) -> HttpResponse:
    """List what was sent in a period; recipients are masked, and nothing says what was in a message."""
    period = DaysForm({name: request.GET.get(name, "") for name in ("since", "until")})
    is_valid = period.is_valid()
    rows = messages_of_days(*period.days) if is_valid else Message.objects.none()
    is_often = bool(request.GET.get("q")) and not SEARCHES.try_spend(
        f"{current_schema()}:{request.user.pk}", when_down=True
    )
    shown = DeskList(
        request,
        Message.objects.none() if is_often else rows,
        columns=_COLUMNS,
        filters=_FILTERS,
        search=lambda typed: messages_meant(typed, rows),
    )
    shown.page.object_list = rows_shown(shown.page)
    context = {"list": shown, "is_cards": True, "period": period, "is_often": is_often}
    return desk_page(
        request, "operators/sent.html", context, title=_("Отправленные сообщения"), icon="mail"
    )


def rows_shown(messages: Any) -> list[dict[str, Any]]:
    """Return messages as a list shows them, with the accounts that are here. One query."""
    found = list(messages)
    numbers = {one.account_number for one in found if one.account_number}
    accounts = dict(
        PersonalAccount.objects.filter(account_number__in=numbers).values_list(
            "account_number", "pk"
        )
    )
    return [
        {
            "sent": SentMessage(one),
            "account": accounts.get(one.account_number),
        }
        for one in found
    ]


@company_only
@desk_view(SERVE)
def send_again(request: DeskRequest, message_id: UUID, seen: int) -> HttpResponse:
    """Ask, and queue the message again; the page that was answered twice does it once."""
    message = get_object_or_404(Message, pk=message_id, kind__in=list(TITLES))
    if message.repeats != seen and request.method == "GET":
        return redirect("operators_sent_again", message_id, message.repeats)
    refusal = "" if message.repeats != seen else repeat_refusal(message)
    return desk_ask(
        request,
        lambda _data: _repeat(request, message, seen),
        title=_("Отправить ещё раз"),
        about=capfirst(SentMessage(message).title),
        says=[] if refusal else _says(message),
        danger=_("Отправить ещё раз"),
        done=_("Сообщение снова стоит в\u00a0очереди на\u00a0отправку."),
        back=_back(request, message),
        refused=NotRepeated,
        refusal=refusal,
        icon="mail",
    )


def _repeat(request: DeskRequest, message: Message, seen: int) -> None:
    key = f"{current_schema()}:{request.user.pk}"
    if message.repeats == seen and not REPEATS.try_spend(key, when_down=True):
        raise NotRepeated(_("Вы отправляли ещё раз очень часто. Попробуйте через час."))
    message_repeat(message_id=message.pk, seen=seen, actor=request.user)


def _says(message: Message) -> list[str]:
    """Return what the member of staff has to know before the message goes out again."""
    sent = SentMessage(message)
    whom = f", {sent.recipient}" if sent.recipient else ""
    said = _("Отправим то\u00a0же самое туда\u00a0же: %(what)s%(whom)s.")
    says = [said % {"what": sent.channel, "whom": whom}]
    if message.state == Message.State.UNKNOWN:
        says.append(
            _(
                "Неизвестно, дошло\u00a0ли первое: почта или шлюз не\u00a0успели ответить. Возможно, человек "
                "получит сообщение дважды. Сначала спросите его, пришло\u00a0ли оно."
            )
        )
    if _has_other_address(message):
        says.append(
            _(
                "В\u00a0личном кабинете этого человека теперь другая почта, а\u00a0сообщение уйдёт на\u00a0"
                "прежнюю."
            )
        )
    return says


def _has_other_address(message: Message) -> bool:
    if message.channel != Message.Channel.EMAIL or message.person is None:
        return False
    now = Subscriber.objects.filter(pk=message.person).values_list("email", flat=True).first()
    return bool(now) and now != message.recipient


def _back(request: DeskRequest, message: Message) -> str:
    """Return the list, or the account's own tab where the member of staff has it open."""
    number = message.account_number
    account = PersonalAccount.objects.filter(account_number=number).first() if number else None
    if account and open_until(request, account):
        return reverse("operators_messages", args=[account.pk])
    return reverse("operators_sent")

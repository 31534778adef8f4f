"""The cashiers' desk of payments: the list, and one payment with all that is known of it."""

import datetime
import json
import uuid
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.history.typed import typed_payment
from cabinet.payments.desk.figures import (
    last_reconciliation,
    money_lately,
    untransferred,
    waiting_now,
)
from cabinet.payments.desk.rights import ICON, REFUND, SEE
from cabinet.payments.lifecycle.syncing import payment_sync
from cabinet.payments.models import IN_FLIGHT, Payment
from cabinet.payments.reconciliation.days import day_of
from cabinet.payments.refunds.sums import left_of, refundable_of
from cabinet.payments.result.timeline import timeline_of
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.lists import Column, DeskList, Filter, Rows
from portal.desk.pages import Button, desk_page
from portal.formats.text import account_keys

_COLUMNS = [
    Column(label=gettext_lazy("Платёж"), order=("created_at", "pk")),
    Column(label=gettext_lazy("Лицевой счёт"), order=("account__account_number", "pk")),
    Column(label=gettext_lazy("Состояние")),
    Column(label=gettext_lazy("Сумма, ₽"), order=("amount", "pk"), is_number=True),
    Column(label=gettext_lazy("Способ")),
    Column(label=gettext_lazy("Перечислен")),
]
_DAYS = {"today": (0, 0), "yesterday": (1, 1), "week": (6, 0), "month": (30, 0)}


def _of_days(rows: Rows, value: str) -> Rows:
    first, last = (timezone.localdate() - datetime.timedelta(days=one) for one in _DAYS[value])
    return rows.filter(created_at__gte=day_of(first)[0], created_at__lt=day_of(last)[1])


def _of_state(rows: Rows, value: str) -> Rows:
    if value == "open":
        return rows.filter(state__in=IN_FLIGHT)
    if value == "mismatch":
        return rows.exclude(mismatch="")
    if value == "untransferred":
        return rows.filter(untransferred(timezone.now()))
    if value == "refunded":
        return rows.filter(entries__refund__isnull=False).distinct()
    return rows.filter(state=value)


_FILTERS = [
    Filter(
        name="days",
        label=gettext_lazy("когда создан"),
        choices=[
            ("today", gettext_lazy("сегодня")),
            ("yesterday", gettext_lazy("вчера")),
            ("week", gettext_lazy("7 дней")),
            ("month", gettext_lazy("30 дней")),
        ],
        narrow=_of_days,
    ),
    Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=[
            ("open", gettext_lazy("исход ещё не известен")),
            ("succeeded", gettext_lazy("оплачен")),
            ("refunded", gettext_lazy("с возвратом")),
            ("canceled", gettext_lazy("отменён")),
            ("failed", gettext_lazy("не начат")),
            ("mismatch", gettext_lazy("ответ сервиса не совпал")),
            ("untransferred", gettext_lazy("деньги ещё не перечислены")),
        ],
        narrow=_of_state,
    ),
    Filter(
        name="channel",
        label=gettext_lazy("откуда"),
        choices=Payment.Channel.choices,
    ),
]


def _found(typed: str) -> Q:
    """Return the meanings of what was typed: an account, a day, a sum, a number of a payment."""
    accounts = PersonalAccount.objects.filter(number_key__in=account_keys(typed))
    found = Q(provider_id=typed) | Q(account__in=accounts.values("pk"))
    if typed.isascii() and typed.isdecimal() and len(typed) < 18:
        found |= Q(pk=int(typed))
    try:
        found |= Q(payment_id=uuid.UUID(typed))
    except ValueError:
        pass
    wanted = typed_payment(typed)
    for first, last in wanted.days if wanted else ():
        found |= Q(created_at__gte=day_of(first)[0], created_at__lt=day_of(last)[1])
    if wanted and wanted.amounts:
        found |= Q(amount__range=wanted.amounts)
    return found


@company_only
@desk_view(SEE)
def payment_list(request: DeskRequest) -> HttpResponse:
    rows = Payment.objects.select_related("account", "transfer").order_by("-created_at", "-pk")
    shown = DeskList(request, rows, columns=_COLUMNS, filters=_FILTERS, search=_found)
    left = left_of([one.pk for one in shown.page])
    for one in shown.page:
        one.left = left.get(one.pk)
    context = {
        "list": shown,
        "tab": "payments",
        "money": money_lately(),
        "waiting": waiting_now(),
        "last": last_reconciliation(),
        "is_monday": timezone.localdate().weekday() == 0,
    }
    return desk_page(request, "payments/desk/list.html", context, title=_("Платежи"), icon=ICON)


@company_only
@desk_view(SEE)
def payment_show(request: DeskRequest, pk: int) -> HttpResponse:
    return payment_page(request, _payment(pk))


def payment_page(
    request: DeskRequest, payment: Payment, extra: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a payment; with `extra` a form that was not accepted."""
    may_refund = request.user.has_perm(REFUND) and payment.state == Payment.State.SUCCEEDED
    most = refundable_of(payment)
    buttons = []
    if payment.is_open or payment.mismatch:
        buttons.append(
            Button(
                label=_("Спросить платёжный сервис"),
                url=reverse("payments_sync", args=[payment.pk]),
                post=True,
            )
        )
    if may_refund and most.total:
        buttons.append(
            Button(
                label=_("Вернуть деньги"),
                url=reverse("payments_refund", args=[payment.pk]),
                style="button-secondary",
            )
        )
    context = {
        "payment": payment,
        "steps": timeline_of(payment),
        "refunds": payment.refunds.order_by("-created_at"),
        "requests": payment.refund_requests.order_by("-created_at"),
        "differences": payment.differences.filter(closed_at=None),
        "left": left_of([payment.pk]).get(payment.pk),
        "answer": _answer_shown(payment.provider_state),
        "mismatch": ", ".join(_MISMATCHES.get(one, one) for one in payment.mismatch.split(", ")),
        "buttons": buttons,
        "may_refund": may_refund,
        "own_name": request.user.get_username(),
        **(extra or {}),
    }
    title = _("Платёж № %(number)s") % {"number": payment.pk}
    return desk_page(
        request, "payments/desk/payment.html", context, title=title, icon=ICON, status=status
    )


@company_only
@desk_action(SEE)
def payment_ask(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask the provider about an open payment now."""
    payment = payment_sync(_payment(pk).pk)
    if payment.is_open:
        messages.info(request, _("Платёжный сервис пока не сообщил исход."))
    else:
        messages.success(request, _("Исход известен: %s.") % payment.get_state_display())
    return redirect("payments_one", pk)


def _payment(pk: int) -> Payment:
    rows = Payment.objects.select_related("account", "transfer")
    return get_object_or_404(rows, pk=pk)


# Of `lifecycle.transitions.mismatch_of`.
_MISMATCHES = {
    "id": "номер",
    "amount": "сумма",
    "currency": "валюта",
    "shop": "магазин",
    "metadata": "отметка портала",
    "state": "состояние",
}

# The payer's own: contacts, cards and names are nobody's business here.
_HIDDEN = frozenset(
    {"receipt", "customer", "email", "phone", "payment_purpose", "card", "bank_details", "name"}
)


def _answer_shown(raw: Any) -> str:
    return json.dumps(_without(raw), ensure_ascii=False, indent=2) if raw else ""


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "…" if name in _HIDDEN else _without(one) for name, one in value.items()}
    return [_without(one) for one in value] if isinstance(value, list) else value

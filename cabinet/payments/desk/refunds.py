"""Refunds on the cashiers' desk: begun, agreed to by a second cashier, sent."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.payments.desk.forms import RefundForm
from cabinet.payments.desk.rights import ICON, REFUND, SEE
from cabinet.payments.models import Payment, Refund
from cabinet.payments.refunds.services import (
    RefundRefused,
    refund_approve,
    refund_decline,
    refund_start,
)
from cabinet.payments.refunds.sums import OPEN, refundable_of
from cabinet.payments.refunds.syncing import refund_send, refund_sync
from cabinet.payments.registry import shop_of_company
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.lists import Column, DeskList, Filter, Rows
from portal.desk.pages import desk_page
from portal.desk.questions import desk_ask, is_answered
from portal.formats.numbers import rubles

_COLUMNS = [
    Column(label=gettext_lazy("Возврат"), order=("created_at", "pk")),
    Column(label=gettext_lazy("Платёж")),
    Column(label=gettext_lazy("Состояние")),
    Column(label=gettext_lazy("Сумма, ₽"), order=("amount", "pk"), is_number=True),
    Column(label=gettext_lazy("Кто и почему")),
]


def _of_state(rows: Rows, value: str) -> Rows:
    return rows.filter(state__in=OPEN) if value == "open" else rows.filter(state=value)


_FILTERS = [
    Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=[
            ("waiting", gettext_lazy("ждёт второго кассира")),
            ("open", gettext_lazy("исход ещё не известен")),
            ("succeeded", gettext_lazy("деньги возвращены")),
            ("canceled", gettext_lazy("отклонён платёжным сервисом")),
            ("failed", gettext_lazy("не начат")),
        ],
        narrow=_of_state,
    )
]


@company_only
@desk_view(SEE)
def refund_list(request: DeskRequest) -> HttpResponse:
    rows = Refund.objects.select_related("payment__account").order_by("-created_at", "-pk")
    shown = DeskList(request, rows, columns=_COLUMNS, filters=_FILTERS)
    context = {
        "list": shown,
        "is_cards": True,
        "tab": "refunds",
        "may_refund": request.user.has_perm(REFUND),
        "own_name": request.user.get_username(),
    }
    return desk_page(request, "payments/desk/refunds.html", context, title=_("Возвраты"), icon=ICON)


@company_only
@desk_view(REFUND)
def refund_form(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask how much and why; by POST begin the refund and, if nobody has to agree, send it."""
    payment = get_object_or_404(Payment.objects.select_related("account"), pk=pk)
    form = RefundForm(request.POST if request.method == "POST" else None, refundable_of(payment))
    if form.is_bound and form.is_valid():
        try:
            refund = refund_start(
                payment=payment,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                form_key=form.cleaned_data["form_key"],
                **form.sums(),
            )
        except RefundRefused as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
        else:
            return _sent(request, refund)
    shop = shop_of_company()
    context = {
        "payment": payment,
        "form": form,
        "most": refundable_of(payment),
        "limit": shop.refund_limit if shop else None,
        "back": reverse("payments_one", args=[pk]),
    }
    title = _("Возврат по платежу № %(number)s") % {"number": payment.pk}
    return desk_page(request, "payments/desk/refund.html", context, title=title, icon=ICON)


@company_only
@desk_view(REFUND)
def refund_yes(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask the second cashier, and send the money."""
    refund = get_object_or_404(Refund.objects.select_related("payment__account"), pk=pk)
    if not is_answered(request):
        return _ask_second(request, refund)
    try:
        refund = refund_approve(refund_pk=refund.pk, actor=request.user)
    except RefundRefused as error:
        messages.error(request, str(error))
        return redirect("payments_one", refund.payment_id)
    return _sent(request, refund)


def _ask_second(request: DeskRequest, refund: Refund) -> HttpResponse:
    said = _("Платёж № %(number)s, лицевой счёт %(account)s. Возврат оформил %(who)s: %(reason)s.")
    known = {
        "number": refund.payment_id,
        "account": refund.payment.account,
        "who": refund.asked_by,
        "reason": refund.reason.rstrip("."),
    }
    return desk_ask(
        request,
        lambda _data: None,
        title=_("Подтвердить возврат"),
        about=rubles(refund.amount),
        says=[said % known, _("Деньги уйдут плательщику сразу, отменить это будет нельзя.")],
        danger=_("Подтвердить и\u00a0вернуть"),
        done="",
        back=reverse("payments_one", args=[refund.payment_id]),
    )


@company_only
@desk_view(REFUND)
def refund_no(request: DeskRequest, pk: int) -> HttpResponse:
    refund = get_object_or_404(Refund, pk=pk)
    return desk_ask(
        request,
        lambda _data: refund_decline(refund_pk=refund.pk, actor=request.user),
        title=_("Отменить возврат"),
        about=rubles(refund.amount),
        says=[_("Деньги не\u00a0отправятся. Вернуть их позже можно новым возвратом.")],
        danger=_("Отменить возврат"),
        keep=_("Не\u00a0отменять"),
        done=_("Возврат отменён: деньги не отправлены."),
        back=reverse("payments_one", args=[refund.payment_id]),
        refused=RefundRefused,
    )


@company_only
@desk_action(SEE)
def refund_ask(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask the provider about an open refund now."""
    refund = refund_sync(get_object_or_404(Refund, pk=pk).pk)
    _say(request, refund)
    return redirect("payments_one", refund.payment_id)


def _sent(request: DeskRequest, refund: Refund) -> HttpResponse:
    if refund.state != Refund.State.WAITING:
        refund = refund_send(refund)
    _say(request, refund)
    return redirect("payments_one", refund.payment_id)


def _say(request: DeskRequest, refund: Refund) -> None:
    """Leave a message about how a refund stands."""
    amount = {"sum": rubles(refund.amount)}
    state = refund.state
    if state == Refund.State.SUCCEEDED:
        messages.success(request, _("Возвращено %(sum)s.") % amount)
    elif state == Refund.State.WAITING:
        text = _("Возврат %(sum)s ждёт подтверждения другого кассира.")
        messages.info(request, text % amount)
    elif state in OPEN:
        text = _("Возврат %(sum)s отправлен. Исход станет известен позже.")
        messages.info(request, text % amount)
    else:
        text = _("Платёжный сервис не принял возврат: %(reason)s.")
        messages.error(request, text % {"reason": refund.cancellation_reason or refund.state})

"""The cashiers' desk of reconciliation: the nights, what differs, and what can be done about it."""

import datetime

from django.contrib import messages
from django.db.models import Case, F, IntegerField, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.payments.desk.forms import NoteForm
from cabinet.payments.desk.rights import CLOSE, RECONCILE, REFUND, SEE_RECONCILIATION
from cabinet.payments.models import Difference, Reconciliation
from cabinet.payments.reconciliation.services import difference_close, reconciliation_again
from cabinet.payments.refunds.adopting import refund_adopt
from cabinet.payments.refunds.services import RefundRefused
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.lists import Column, DeskList, Filter
from portal.desk.pages import desk_page

_ICON = "tasks"
_NIGHTS = 14
Kind = Difference.Kind

# What can be done, in the words of who does it.
ADVICE = {
    Kind.NOT_HERE: gettext_lazy(
        "Деньги поступили в ваш магазин, а платежа на портале нет. Найдите плательщика по номеру лицевого "
        "счёта и учтите платёж в биллинге вручную или верните деньги в личном кабинете ЮKassa."
    ),
    Kind.NOT_THERE: gettext_lazy(
        "Платёжный сервис не знает этого платежа. Проверьте, не сменился ли магазин, и обратитесь в "
        "поддержку платёжного сервиса: назовите номер платежа."
    ),
    Kind.OTHER_SUM: gettext_lazy(
        "Сравните суммы с выпиской. Портал учитывает свою сумму, пока вы не выяснили причину."
    ),
    Kind.OTHER_STATE: gettext_lazy(
        "Портал уже спросил платёжный сервис ещё раз. Откройте платёж и сравните ответ сервиса."
    ),
    Kind.NOT_IN_BILLING: gettext_lazy(
        "Проверьте, забирает ли биллинг платежи (раздел «Биллинг»), и загружен ли последний пакет. Из суммы "
        "к оплате платёж уже вычтен."
    ),
    Kind.BILLING_OTHER_SUM: gettext_lazy(
        "Биллинг учёл другую сумму. Если был возврат, биллинг должен прислать меньшую сумму с тем же номером."
    ),
    Kind.BILLING_OTHER_ACCOUNT: gettext_lazy(
        "Биллинг отнёс платёж на другой лицевой счёт. Исправьте это в биллинге."
    ),
    Kind.BILLING_ONLY: gettext_lazy(
        "Биллинг считает этот платёж платежом портала, а денег портал не принимал. Исправьте это в биллинге."
    ),
}
_REFUND_ADVICE = gettext_lazy(
    "Деньги вернули в личном кабинете платёжного сервиса. Нажмите «Учесть возврат»: портал уменьшит платёж и "
    "сообщит биллингу."
)
_FOREIGN = gettext_lazy(
    "В платеже нет отметки портала: его приняли через ваш магазин другим способом. Закройте расхождение с "
    "пометкой, если так и должно быть."
)

_STATUSES = {
    "pending": gettext_lazy("обрабатывается"),
    "waiting": gettext_lazy("деньги ждут списания"),
    "succeeded": gettext_lazy("исполнен"),
    "canceled": gettext_lazy("отменён"),
}

_COLUMNS = [
    Column(label=gettext_lazy("Что не сошлось")),
    Column(label=gettext_lazy("Платёж")),
    Column(label=gettext_lazy("У нас, ₽"), is_number=True),
    Column(label=gettext_lazy("У них, ₽"), is_number=True),
    Column(label=gettext_lazy("Найдено"), order=("created_at", "pk")),
]
_FILTERS = [
    Filter(
        name="kind",
        label=gettext_lazy("что не сошлось"),
        choices=Kind.choices,
    ),
    Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=[("open", gettext_lazy("открыто")), ("closed", gettext_lazy("закрыто"))],
        narrow=lambda rows, value: rows.filter(closed_at__isnull=value == "open"),
    ),
]


@company_only
@desk_view(SEE_RECONCILIATION)
def overview(request: DeskRequest) -> HttpResponse:
    """List the differences, open ones first, below the figures of the last nights."""
    rows = Difference.objects.select_related("payment__account", "refund").order_by(
        Case(When(closed_at=None, then=0), default=1, output_field=IntegerField()),
        F("closed_at").desc(nulls_first=True),
        "-created_at",
        "-pk",
    )
    context = {
        "list": DeskList(request, rows, columns=_COLUMNS, filters=_FILTERS),
        "nights": Reconciliation.objects.order_by("-day")[:_NIGHTS],
        "open": Difference.objects.filter(closed_at=None).count(),
        "may_start": request.user.has_perm(RECONCILE),
        "yesterday": timezone.localdate() - datetime.timedelta(days=1),
    }
    title = _("Сверка платежей")
    return desk_page(request, "payments/desk/reconciliation.html", context, title=title, icon=_ICON)


@company_only
@desk_view(SEE_RECONCILIATION)
def difference_show(request: DeskRequest, pk: int) -> HttpResponse:
    """Show a difference and what can be done; with a note a cashier closes it."""
    difference = get_object_or_404(
        Difference.objects.select_related("payment__account", "refund", "reconciliation"), pk=pk
    )
    may_close = request.user.has_perm(CLOSE) and difference.closed_at is None
    form = NoteForm(request.POST if request.method == "POST" and may_close else None)
    if form.is_bound and form.is_valid():
        difference_close(difference_pk=pk, note=form.cleaned_data["note"], actor=request.user)
        messages.success(request, _("Расхождение закрыто."))
        return redirect("payments_reconciliation")
    facts = difference.facts
    is_refund = bool(facts.get("is_refund"))
    may_adopt = is_refund and difference.kind == Kind.NOT_HERE and may_close
    context = {
        "difference": difference,
        "form": form,
        "may_close": may_close,
        "is_refund": is_refund,
        "may_adopt": may_adopt and request.user.has_perm(REFUND),
        "advice": _advice(difference, is_refund),
        "theirs": _STATUSES.get(facts.get("status") or facts.get("theirs", ""), ""),
    }
    title = str(difference.get_kind_display()).capitalize()
    return desk_page(request, "payments/desk/difference.html", context, title=title, icon=_ICON)


def _advice(difference: Difference, is_refund: bool) -> str:
    if difference.kind == Kind.NOT_HERE and is_refund:
        return str(_REFUND_ADVICE)
    if difference.kind == Kind.NOT_HERE and not difference.facts.get("is_ours"):
        return str(_FOREIGN)
    return str(ADVICE[Kind(difference.kind)])


@company_only
@desk_action(REFUND)
def adopt(request: DeskRequest, pk: int) -> HttpResponse:
    """Write a refund that was made at the provider into the ledger."""
    difference = get_object_or_404(Difference, pk=pk, kind=Kind.NOT_HERE, facts__is_refund=True)
    try:
        refund_adopt(provider_id=difference.provider_id, actor=request.user)
    except RefundRefused as error:
        messages.error(request, str(error))
        return redirect("payments_difference", pk)
    difference_close(difference_pk=pk, note=_("Возврат учтён."), actor=request.user)
    messages.success(request, _("Возврат учтён, биллинг узнает о нём."))
    return redirect("payments_reconciliation")


@company_only
@desk_action(RECONCILE)
def again(request: DeskRequest) -> HttpResponse:
    """Ask for the reconciliation of a day anew."""
    try:
        day = datetime.date.fromisoformat(request.POST.get("day", ""))
    except ValueError:
        day = None
    if day is None or not datetime.date(2020, 1, 1) <= day < timezone.localdate():
        messages.error(request, _("Укажите день не позже вчерашнего."))
    else:
        reconciliation_again(day=day, actor=request.user)
        messages.success(request, _("Сверка началась. Обновите страницу через минуту."))
    return redirect("payments_reconciliation")

"""The cashiers' queue of «Ошибся счётом»: what subscribers ask, and the answers."""

from django.contrib import messages
from django.db.models import Case, F, IntegerField, When
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cabinet.payments.desk.forms import AnswerForm
from cabinet.payments.desk.rights import ANSWER
from cabinet.payments.models import RefundRequest
from cabinet.payments.refunds.requests import RequestAnswered, request_answer
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.lists import Column, DeskList, Filter
from portal.desk.pages import desk_page

_ICON = "mail"
_COLUMNS = [
    Column(label=gettext_lazy("Платёж")),
    Column(label=gettext_lazy("Сумма, ₽"), is_number=True),
    Column(label=gettext_lazy("Что пишет абонент")),
    Column(label=gettext_lazy("Получено"), order=("created_at", "pk")),
    Column(label=gettext_lazy("Состояние")),
]
_FILTERS = [
    Filter(
        name="state",
        label=gettext_lazy("состояние"),
        choices=RefundRequest.State.choices,
    )
]


@company_only
@desk_view(ANSWER)
def request_list(request: DeskRequest) -> HttpResponse:
    """List the requests: those that wait first, the oldest at the top."""
    is_new = When(state=RefundRequest.State.NEW, then=0)
    rows = RefundRequest.objects.select_related("payment__account").order_by(
        Case(is_new, default=1, output_field=IntegerField()),
        Case(When(state=RefundRequest.State.NEW, then=F("created_at"))),
        F("answered_at").desc(),
        "pk",
    )
    context = {
        "list": DeskList(request, rows, columns=_COLUMNS, filters=_FILTERS),
        "is_cards": True,
        "tab": "requests",
    }
    title = _("Просьбы о возврате")
    return desk_page(request, "payments/desk/requests.html", context, title=title, icon=_ICON)


@company_only
@desk_view(ANSWER)
def request_show(request: DeskRequest, pk: int) -> HttpResponse:
    """Show a request; an answer closes it. Money is given back on the payment's own page."""
    asked = get_object_or_404(RefundRequest.objects.select_related("payment__account"), pk=pk)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            request_answer(
                request_pk=pk,
                is_done=form.cleaned_data["outcome"] == "done",
                answer=form.cleaned_data["answer"],
                actor=request.user,
            )
        except RequestAnswered:
            messages.error(request, _("Другой кассир уже ответил."))
            return redirect("payments_request", pk)
        messages.success(request, _("Абонент получит ваш ответ."))
        return redirect("payments_requests")
    context = {
        "asked": asked,
        "payment": asked.payment,
        "form": form,
        "is_new": asked.state == RefundRequest.State.NEW,
    }
    title = _("Просьба по платежу № %(number)s") % {"number": asked.payment_id}
    return desk_page(request, "payments/desk/request.html", context, title=title, icon=_ICON)

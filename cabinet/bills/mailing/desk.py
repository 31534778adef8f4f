"""The staff's page that tells the bills of a month by hand."""

import datetime

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.billing.as_of import charges_as_of
from cabinet.bills.mailing.bill_mailing import (
    KIND,
    bill_month,
    bills_mailing_begin,
    bills_to_notify,
)
from cabinet.subscriptions.mailings.desk import ICON, RUN
from cabinet.subscriptions.models import Mailing
from portal.audit.services import audit_write
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_page
from portal.formats.dates import long_moment, month_name


class MonthForm(forms.Form):
    """The month that the page has shown."""

    month = forms.CharField(widget=forms.HiddenInput)


@company_only
@desk_view(RUN)
def bills_notify(request: DeskRequest) -> HttpResponse:
    """Ask whether to tell the bills of the month of billing's last charges, then do it.

    A form says which month it has shown: what comes meanwhile from billing tells nobody anything else.
    """
    as_of = charges_as_of()
    month = bill_month(as_of) if as_of else None
    count = bills_to_notify(month).count() if month else 0
    refusal = _refusal(month, count)
    if request.method == "POST" and month and not refusal:
        if request.POST.get("month") == f"{month:%Y-%m}":
            return _begun(request, month)
        messages.warning(request, _("Пока вы читали, пришли начисления за другой месяц."))
    context = {
        "as_of": long_moment(as_of),
        "month": month_name(month) if month else "",
        "form": MonthForm(initial={"month": f"{month:%Y-%m}"}) if month else None,
        "count": count,
        "refusal": refusal,
        "back": reverse("mailings"),
        "danger": _("Разослать"),
    }
    title = _("Разослать квитанции")
    if month:
        title = _("Разослать квитанции за %(month)s") % {"month": month_name(month)}
    return desk_page(request, "cabinet/bills/desk/tell.html", context, title=title, icon=ICON)


def _refusal(month: datetime.date | None, count: int) -> str:
    """Return why there is nothing to tell; an empty string where there is."""
    if month is None:
        return _("Биллинг ещё не передавал начисления.")
    said = {"month": month_name(month)}
    begun = Mailing.objects.filter(kind=KIND, key=f"{month:%Y-%m}")
    # One that waits for its charges has written to nobody.
    if begun.exclude(state=Mailing.State.WAITING, due_at=None).exists():
        return _("Рассылка квитанций за %(month)s уже начата. Второй раз их не рассылаем.") % said
    if month < timezone.localdate().replace(day=1):
        return _("Последние начисления — для квитанций за %(month)s. Новых ещё нет.") % said
    if not count:
        return _("Подписок на квитанции с начислениями за этот месяц нет.")
    return ""


def _begun(request: DeskRequest, month: datetime.date) -> HttpResponse:
    with transaction.atomic():
        mailing, _is_new = bills_mailing_begin(month, started_by=request.user.get_username())
        audit_write(actor=request.user, action="mailing.begin", subject=mailing.title)
    messages.success(request, _("Рассылка началась."))
    return redirect("mailing", mailing.pk)

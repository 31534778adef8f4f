"""Money on its way to the company, and files of payments for banks and bookkeeping."""

import datetime

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from cabinet.payments.bank_files.one_c import one_c_write
from cabinet.payments.bank_files.reading import MAX_BYTES, RegistryBroken, registry_read
from cabinet.payments.bank_files.transfers import (
    Marked,
    transfer_enter,
    transfers_read,
)
from cabinet.payments.bank_files.writing import payments_of, registry_write
from cabinet.payments.base import RequestInvalid
from cabinet.payments.desk.figures import untransferred
from cabinet.payments.desk.forms import PeriodForm, RegistryForm, TransferForm
from cabinet.payments.desk.rights import ICON, TRANSFER
from cabinet.payments.lifecycle.orders import recipient_of_company
from cabinet.payments.models import Payment, PaymentRegistryProfile, Transfer
from cabinet.payments.reconciliation.days import Days, day_of
from portal.audit.services import audit_write
from portal.desk.access import DeskRequest, company_only, desk_action, desk_view
from portal.desk.pages import desk_page
from portal.formats.numbers import grouped

_SHOWN = 30
# Of one file: it is made while the cashier waits.
_MOST = 100_000


@company_only
@desk_view(TRANSFER)
def transfers(request: DeskRequest) -> HttpResponse:
    """Show what was entered; by POST mark the payments of some days by one payment order."""
    form = TransferForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        marked = transfer_enter(
            number=data["number"],
            transferred_on=data["transferred_on"],
            period=_period(data),
            actor=request.user,
        )
        _say(request, marked)
        return redirect("payments_transfers")
    return _page(request, form, _registry_form(request, is_sent=False))


@company_only
@desk_action(TRANSFER)
def transfers_upload(request: DeskRequest) -> HttpResponse:
    """Read a registry of the provider: which payments came by which payment order."""
    form = _registry_form(request, is_sent=True)
    if form.is_valid():
        file, profile = form.cleaned_data["file"], form.cleaned_data["profile"]
        try:
            if file.size > MAX_BYTES:
                raise RegistryBroken([_("Файл больше 20 МБ. Разделите его по дням.")])
            lines = registry_read(profile, file.read())
            marked = transfers_read(lines=lines, source=file.name, actor=request.user)
        except RegistryBroken as error:
            for problem in error.problems:
                form.add_error("file", problem)
        else:
            _say(request, marked)
            return redirect("payments_transfers")
    return _page(request, TransferForm(), form)


def _page(request: DeskRequest, form: forms.Form, upload: forms.Form) -> HttpResponse:
    waiting = Payment.objects.filter(untransferred(timezone.now()))
    context = {
        "tab": "transfers",
        "form": form,
        "upload": upload,
        "has_profiles": PaymentRegistryProfile.objects.exists(),
        "waiting": waiting.count(),
        "transfers": Transfer.objects.order_by("-transferred_on", "-pk")[:_SHOWN],
    }
    title = _("Перечисления")
    return desk_page(request, "payments/desk/transfers.html", context, title=title, icon=ICON)


def _registry_form(request: DeskRequest, *, is_sent: bool) -> RegistryForm:
    profiles = PaymentRegistryProfile.objects.order_by("name")
    if not is_sent:
        return RegistryForm(profiles=profiles, prefix="registry")
    return RegistryForm(request.POST, request.FILES, profiles=profiles, prefix="registry")


def _say(request: DeskRequest, marked: Marked) -> None:
    said = _("Отмечено платежей: %(marked)s.") % {"marked": marked.marked}
    if marked.known:
        said += " " + _("Уже были отмечены: %(known)s.") % {"known": marked.known}
    if marked.unknown:
        said += " " + _("Не нашли у себя или сумма другая: %(unknown)s.") % {
            "unknown": marked.unknown
        }
    level = messages.warning if marked.unknown or not marked.marked else messages.success
    level(request, said)


@company_only
@desk_view(TRANSFER)
def files(request: DeskRequest) -> HttpResponse:
    """Ask for a period; `file` in the address names the format: a profile's number, or 1c."""
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    form = PeriodForm(
        request.GET if "file" in request.GET else None,
        initial={"paid_from": yesterday, "paid_to": yesterday},
    )
    if form.is_bound and form.is_valid():
        if payments_of(_period(form.cleaned_data)).count() > _MOST:
            text = _("За эти дни больше %(most)s платежей. Выберите меньше дней.")
            messages.error(request, text % {"most": grouped(_MOST)})
            return redirect("payments_files")
        try:
            return _file(request, form.cleaned_data, request.GET["file"])
        except (RequestInvalid, PaymentRegistryProfile.DoesNotExist):
            messages.error(request, _("Не хватает реквизитов компании или такого формата нет."))
            return redirect("payments_files")
    context = {
        "tab": "files",
        "form": form,
        "profiles": PaymentRegistryProfile.objects.order_by("name"),
        "chosen": request.GET.get("file", ""),
    }
    title = _("Файлы платежей")
    return desk_page(request, "payments/desk/files.html", context, title=title, icon=ICON)


def _file(request: DeskRequest, data: dict[str, datetime.date], wanted: str) -> HttpResponse:
    first, last = data["paid_from"], data["paid_to"]
    payments = payments_of(_period(data))
    name = f"{first:%Y%m%d}-{last:%Y%m%d}.txt"
    if wanted == "1c":
        recipient = recipient_of_company()
        content, name = one_c_write(payments, recipient, first, last), f"1c-{name}"
        charset = "windows-1251"
    else:
        number = int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0
        profile = PaymentRegistryProfile.objects.get(pk=number)
        content, name = registry_write(profile, payments), f"registry-{name}"
        charset = "windows-1251" if profile.encoding == "cp1251" else "utf-8"
    details = {"file": name, "format": wanted}
    audit_write(actor=request.user, action="payments.file", subject=name, details=details)
    response = HttpResponse(content, content_type=f"text/plain; charset={charset}")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _period(data: dict[str, datetime.date]) -> Days:
    return day_of(data["paid_from"])[0], day_of(data["paid_to"])[1]

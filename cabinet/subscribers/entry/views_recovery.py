"""The pages of password recovery («Забыли пароль?»)."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.subscribers.contact_forms import asked_by
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.entry.forms import RecoveryByAccountForm, RecoveryForm
from cabinet.subscribers.entry.limits import recovery_blocked
from cabinet.subscribers.entry.recovery import recovery_ask
from cabinet.subscribers.http import CabinetRequest, back_shows_answers
from portal.messaging.registry import channel_available
from tenants.models import GasCompany


@back_shows_answers
def recover(request: CabinetRequest) -> HttpResponse:
    """Ask for a contact, at a fund with an account (manual 2, 3.8.3) unless another way is asked for.

    The answer is the same for what is unknown.
    """
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        if recovery_blocked(request):
            form.add_error(None, _("С этого адреса слишком много запросов. Попробуйте через час."))
        else:
            contact = _contact(form)
            recovery_ask(
                company=request.tenant,
                account_number=form.cleaned_data.get("account_number", ""),
                **contact.lookup(),
            )
            return redirect(f"{reverse('subscribers:recover_sent')}?by={contact.kind}")
    context = {"form": form, "by_account": isinstance(form, RecoveryByAccountForm)}
    return render(request, "cabinet/subscribers/recovery/recover.html", context)


def recover_sent(request: CabinetRequest) -> HttpResponse:
    context = {
        "by_phone": request.GET.get("by") == "phone",
        "minutes": settings.TEMPORARY_PASSWORD_MINUTES,
    }
    return render(request, "cabinet/subscribers/recovery/sent.html", context)


def _form(request: CabinetRequest) -> RecoveryForm | RecoveryByAccountForm:
    is_fund = request.tenant.kind == GasCompany.Kind.CAPITAL_REPAIR
    asked = request.POST.get("by") or request.GET.get("by")
    if is_fund and asked not in ("email", "phone"):
        return RecoveryByAccountForm(request.POST or None)
    return RecoveryForm(
        request.POST or None, by=asked_by(request), phone_offered=channel_available("sms")
    )


def _contact(form: RecoveryForm | RecoveryByAccountForm) -> Contact:
    found = form.contact if isinstance(form, RecoveryForm) else None
    return found or Contact("email", form.cleaned_data["email"])

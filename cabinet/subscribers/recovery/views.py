from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from limits import RateLimitItemPerHour

from cabinet.subscribers.contact_form import asked_by
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import CabinetRequest
from cabinet.subscribers.recovery.forms import RecoveryByAccountForm, RecoveryForm
from cabinet.subscribers.recovery.services import recovery_ask
from portal.addresses import address_group, client_address
from portal.limits import CountersDown, RateLimit
from portal.messaging.registry import channel_available
from tenants.models import GasCompany

# By place: wide, because a village may share one address. Of one person the pauses of the letters see to it.
_asked = RateLimit("recovery", RateLimitItemPerHour(30))


@never_cache
def recover(request: CabinetRequest) -> HttpResponse:
    """The answer is the same for an address that nobody has."""
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        if _too_many(request):
            form.add_error(None, _("С этого адреса слишком много запросов. Попробуйте через час."))
        else:
            contact = _contact(form)
            recovery_ask(
                company=request.tenant,
                account_number=form.cleaned_data.get("account_number", ""),
                **contact.lookup(),
            )
            return redirect(f"{reverse('subscribers:recover_sent')}?by={contact.kind}")
    return render(request, "cabinet/subscribers/recovery/recover.html", {"form": form})


def recover_sent(request: CabinetRequest) -> HttpResponse:
    context = {
        "by_phone": request.GET.get("by") == "phone",
        "minutes": settings.TEMPORARY_PASSWORD_MINUTES,
    }
    return render(request, "cabinet/subscribers/recovery/sent.html", context)


def _form(request: CabinetRequest) -> RecoveryForm | RecoveryByAccountForm:
    if request.tenant.kind == GasCompany.Kind.CAPITAL_REPAIR:
        return RecoveryByAccountForm(request.POST or None)
    return RecoveryForm(
        request.POST or None, by=asked_by(request), phone_offered=channel_available("sms")
    )


def _contact(form: RecoveryForm | RecoveryByAccountForm) -> Contact:
    """Of a valid form."""
    found = form.contact if isinstance(form, RecoveryForm) else None
    return found or Contact("email", form.cleaned_data["email"])


def _too_many(request: CabinetRequest) -> bool:
    """Asks and counts. With Valkey down people may still get a letter."""
    place = address_group(client_address(request))
    try:
        if _asked.seconds_left(place):
            return True
        _asked.spend(place)
    except CountersDown:
        return False
    return False

"""Readings without registration (manual 1, 2.1.2.2): of any region, served from this host."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cabinet.accounts.guest.finder import GuestService
from cabinet.accounts.guest.found import FoundAccount
from cabinet.accounts.models import PersonalAccount
from cabinet.meters.models import Reading
from cabinet.meters.readings.acknowledgement import acknowledgement_find
from cabinet.meters.readings.forms import ReadingsForm
from cabinet.meters.readings.limits import may_ask_for_number, may_guest_send, number_missed
from cabinet.meters.readings.questions import TOO_MANY
from cabinet.meters.readings.services import ReadingRefused, readings_submit
from cabinet.meters.selectors import meters_taking_readings
from cabinet.meters.snapshot import meter_snapshot
from cabinet.subscribers.http import CabinetRequest, back_shows_answers
from cms_pages.selectors import company_phone
from cms_pages.stored.frame import render_framed
from portal.formats.dates import long_day
from tenants.http import TenantRequest
from tenants.models import GasCompany
from tenants.schemas import in_company


def _refusal(account: PersonalAccount) -> str:
    if account.closed_on is None:
        return ""
    text = _("Этот лицевой счёт закрыт %(date)s, показания по нему не принимаются.")
    return text % {"date": long_day(account.closed_on)}


READINGS = GuestService(
    name="readings",
    kinds=frozenset({str(GasCompany.Kind.GAS)}),
    start="meters:guest_readings",
    account="meters:guest_send",
    template="cabinet/meters/guest/find.html",
    form_template="cabinet/meters/guest/lookup_form.html",
    refusal=_refusal,
)


@back_shows_answers
def find(request: CabinetRequest) -> HttpResponse:
    """Find an account, by POST; its page is `send`."""
    return READINGS.start_page(request)


@back_shows_answers
def send(request: CabinetRequest, key: str) -> HttpResponse:
    """Show the meters of a found account; after a POST that is accepted, lead to its acknowledgement."""
    found = READINGS.found(request, key)
    if found is None:
        return READINGS.expired_page(request)
    with in_company(found.company):
        form = _form(found, request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return _account_page(request, found, form)
        if not may_guest_send(request, found.account_pk):
            form.add_error(None, TOO_MANY)
            return _account_page(request, found, form, status=429)
        try:
            submission = readings_submit(
                account_pk=found.account_pk,
                readings=form.readings,
                channel=Reading.Channel.GUEST,
                idempotency_key=form.cleaned_data["idempotency_key"],
            )
        except ReadingRefused as refusal:
            form.refuse(refusal)
            return _account_page(request, found, form)
        return READINGS.redirect(found, _sent_address(key, submission.number))


@never_cache
def acknowledgement(request: TenantRequest, key: str) -> HttpResponse:
    """Show what arrived: `sent` is the number of what was just sent, `number` one that is asked for.

    Of guests' submissions alone, and wrong numbers are counted: the number is what proves the sender.
    """
    found = READINGS.found(request, key)
    if found is None:
        return READINGS.expired_page(request)
    sent, number = request.GET.get("sent", ""), request.GET.get("number", "")
    may_ask = may_ask_for_number(request)
    with in_company(found.company):
        arrived = None
        if may_ask:
            arrived = acknowledgement_find(
                found.account_pk, sent or number, masked=True, for_guest=True
            )
        if arrived and sent:
            return _account_page(
                request,
                found,
                _form(found),
                acknowledgement=arrived,
                is_just_sent=True,
                for_guest=True,
            )
        if may_ask and not arrived:
            number_missed(request)
        return _account_page(
            request,
            found,
            _form(found),
            status=200 if may_ask else 429,
            acknowledgement=arrived,
            for_guest=True,
            wanted_number=number,
            is_not_found=may_ask and not arrived,
            is_blocked=not may_ask,
        )


@never_cache
def remember(request: TenantRequest, key: str) -> HttpResponse:
    """Remember the account on this device, and lead back to what was just sent."""
    found = READINGS.found(request, key)
    if found is None:
        return READINGS.expired_page(request)
    return READINGS.remember(request, found, _sent_address(key, request.POST.get("sent", "")))


@never_cache
def forget(request: TenantRequest) -> HttpResponse:
    """Forget the region and number that this device remembers."""
    return READINGS.forget(request)


def _sent_address(key: str, number: str) -> str:
    return f"{reverse('meters:guest_acknowledgement', args=[key])}?{urlencode({'sent': number})}"


def _form(found: FoundAccount, data: Any = None) -> ReadingsForm:
    meters = meters_taking_readings(found.account_pk)
    snapshot = meter_snapshot(meters, channel=Reading.Channel.GUEST)
    return ReadingsForm(data, snapshot=snapshot, initial={"idempotency_key": uuid4()})


def _account_page(
    request: TenantRequest,
    found: FoundAccount,
    form: ReadingsForm,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    snapshot = form.snapshot
    if form.meters and not form.is_bound and not context:
        form.focus(form.meters[0])
    context |= {
        "call": company_phone(),
        "found": found,
        "is_remembered": READINGS.remembers(request, found),
        "lookup_form": READINGS.found_form(request, found, is_change=True),
        "readings_form": form,
        "meter_cards": [] if context.get("is_just_sent") else form.cards(),
        **snapshot.period_context(),
    }
    return render_framed(request, "cabinet/meters/guest/send.html", context, status=status)

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from cabinet.accounts.access import AccountAccess, access_account
from cabinet.accounts.snapshot import billing_snapshot
from cabinet.meters.facts import meter_facts
from cabinet.meters.forms import ReadingsForm
from cabinet.meters.kept.days import day_typed
from cabinet.meters.models import Reading
from cabinet.meters.page import readings_context
from cabinet.meters.photo_services import photo_keep, photos_kept
from cabinet.meters.selectors import meters_in_use
from cabinet.meters.services import ReadingRefused, readings_submit
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.kept_forms import kept_initial

# What the page in between carries on to the sending.
_CARRIED = ("value_", "lower_", "asked_", "digits_", "sending_id", "typed_on")


@subscriber_required
def readings(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Send readings of all meters of the account, see what arrived, look back."""
    if request.method == "POST":
        access, form = _opened(request, link_id)
        is_valid = form.is_valid()
        _keep_photos(form, request.subscriber.pk)
        if is_valid and request.POST.get("action") != "edit":
            if not form.cleaned_data["shown"]:
                return _check(request, access, form)
            if response := _send(request, access, form):
                return response
        context = readings_context(request, access, form)
    else:
        with billing_snapshot():
            access, form = _opened(request, link_id)
            context = readings_context(request, access, form)
    return render(request, "cabinet/meters/readings.html", context)


def _opened(request: SubscriberRequest, link_id: UUID) -> tuple[AccountAccess, ReadingsForm]:
    """The account and its form, of today or of the day of a reading that a telephone has kept."""
    access = access_account(request, link_id)
    account = access.account
    meters = [] if account.closed_on else meters_in_use(account)
    day = day_typed(request.POST.get("typed_on", ""))
    form = ReadingsForm(
        request.POST or None,
        request.FILES or None,
        facts=meter_facts(meters, day),
        masked=False,
        norm_volume=account.norm_volume,
        initial={"sending_id": uuid4(), **kept_initial(request)},
    )
    return access, form


def _keep_photos(form: ReadingsForm, subscriber_id: UUID) -> None:
    """Whatever else is wrong with the form, a photo that has arrived need not be sent again."""
    by_pk = {meter.pk: meter for meter in form.meters}
    wanted = {pk: photo_id for pk in by_pk if (photo_id := form.kept_photo(pk))}
    form.photo_ids = photos_kept(wanted=wanted, subscriber_id=subscriber_id)
    for pk, picture in form.new_photos.items():
        photo = photo_keep(meter=by_pk[pk], picture=picture, subscriber_id=subscriber_id)
        form.photo_ids[pk] = photo.pk


def _check(request: SubscriberRequest, access: AccountAccess, form: ReadingsForm) -> HttpResponse:
    """Consumption and cost before sending, for browsers that did not compute them."""
    carried: dict[str, Any] = {
        name: value for name, value in request.POST.items() if name.startswith(_CARRIED)
    }
    carried |= {f"kept_photo_{pk}": photo_id for pk, photo_id in form.photo_ids.items()}
    context = {"lines": form.lines(), "carried": carried, "period": form.facts.period}
    return render(request, "cabinet/meters/check.html", {**access.context(request), **context})


def _send(
    request: SubscriberRequest, access: AccountAccess, form: ReadingsForm
) -> HttpResponse | None:
    """Redirect to the receipt; None when the page is to be shown again."""
    try:
        submission = readings_submit(
            account_pk=access.account.pk,
            readings=form.readings,
            channel=Reading.Channel.CABINET,
            subscriber_id=request.subscriber.pk,
            sending_id=form.cleaned_data["sending_id"],
            taken_on=form.facts.day,
            photo_ids=list(form.photo_ids.values()),
        )
    except ReadingRefused as refusal:
        form.refuse(refusal)
        return None
    return HttpResponseRedirect(f"{request.path}?sent={submission.number}")

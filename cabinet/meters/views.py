"""The section «Показания» of the cabinet: sending, acknowledgement, photos, history."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from cabinet.accounts.access import AccountAccess, Right, access_account
from cabinet.accounts.delegates.services import AccessOver
from cabinet.accounts.selectors import billing_snapshot, way_to_write
from cabinet.meters.history.chart import month_bars
from cabinet.meters.history.table import (
    HistoryFilter,
    HistoryRow,
    history_content,
)
from cabinet.meters.models import METER_ORDER, DialPhoto
from cabinet.meters.offline.device import device_form
from cabinet.meters.offline.drafts import day_typed
from cabinet.meters.readings.acknowledgement import Acknowledgement, acknowledgement_find
from cabinet.meters.readings.forms import ReadingsForm
from cabinet.meters.readings.limits import may_person_send, photos_within_limits
from cabinet.meters.readings.photos import pending_photos, photo_store
from cabinet.meters.readings.questions import TOO_MANY, TOO_MANY_PHOTOS
from cabinet.meters.readings.replaced import PREFIX
from cabinet.meters.readings.services import ReadingRefused, readings_submit
from cabinet.meters.selectors import channel_of, meters_in_use, today
from cabinet.meters.serial_numbers import shown_numbers
from cabinet.meters.snapshot import meter_snapshot
from cabinet.subscribers.form_recovery import recovered_initial
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.formats.tables import file_response
from portal.uploads.services import upload_response

HISTORY_PAGE = 12  # a year of one meter

# What the page in between carries on to the sending.
_CARRIED = ("value_", "lower_", PREFIX, "confirm_", "digits_", "idempotency_key", "typed_on")


@subscriber_required
def readings(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Send readings of all meters of the account, see what arrived, look back."""
    if request.method == "POST":
        access, form = _opened(request, link_id)
        if form.photos_left_out:
            messages.warning(request, TOO_MANY_PHOTOS)
        is_valid = form.is_valid()
        _store_photos(form, request.subscriber.pk)
        if is_valid and request.POST.get("action") != "edit":
            if not form.cleaned_data["shown"]:
                return _check(request, access, form)
            if response := _send(request, access, form):
                return response
        return _show(request, access, form)
    with billing_snapshot():  # for the sum due in the header too, which is read when it is rendered
        return _show(request, *_opened(request, link_id))


@subscriber_required
def acknowledgement(request: SubscriberRequest, link_id: UUID, number: str) -> HttpResponse:
    """Show the acknowledgement of one submission of the account, to be printed."""
    access = access_account(request, link_id, Right.READ)
    found = _acknowledgement(request, access, number)
    if found is None:
        raise Http404
    photos = DialPhoto.objects.filter(
        submission__number=found.number,
        submission__account=access.account,
        subscriber_id=request.subscriber.pk,
    )
    meters = list(access.account.meters.order_by(*METER_ORDER))
    numbers = shown_numbers(meters, masked=access.is_delegate)
    context = {
        "access": access,
        "acknowledgement": found,
        "link_id": access.link.pk,
        "photos": [(photo, numbers[photo.meter_id]) for photo in photos],
        "way_to_write": way_to_write(request, access.link, "readings"),
    }
    return render(request, "cabinet/meters/acknowledgement.html", context)


@subscriber_required
def photo(request: SubscriberRequest, link_id: UUID, photo_id: UUID) -> FileResponse:
    """Serve a photo of this account's meter to its sender; a later owner is not shown it."""
    access = access_account(request, link_id, Right.SEND)
    found = DialPhoto.objects.filter(
        pk=photo_id, meter__account=access.account, subscriber_id=request.subscriber.pk
    ).first()
    return upload_response(found, name="dial.jpg")


@subscriber_required
def history_file(request: SubscriberRequest, link_id: UUID, form: str) -> HttpResponse:
    """Serve the history by the filter of the page, as `csv` or `xlsx`."""
    access = access_account(request, link_id, Right.READ)
    if form not in ("csv", "xlsx"):
        raise Http404
    meters = list(access.account.meters.order_by(*METER_ORDER))
    chosen = HistoryFilter(request.GET, meters=meters, masked=access.is_delegate)
    content = history_content(chosen.rows(access.account), form)
    return file_response(content, f"pokazaniya-{access.account.account_number}.{form}")


def readings_context(
    request: SubscriberRequest, access: AccountAccess, form: ReadingsForm
) -> dict[str, Any]:
    """Read what the section shows."""
    account, snapshot = access.account, form.snapshot
    all_meters = list(account.meters.order_by(*METER_ORDER))
    history = HistoryFilter(request.GET, meters=all_meters, masked=access.is_delegate)
    rows = history.all_rows(account)
    shown = history.rows(account) if history.is_used else rows
    number = request.GET.get("sent") or request.GET.get("number") or ""
    found = _acknowledgement(request, access, number) if number else None
    return {
        "access": access,
        "form": form,
        "meter_cards": form.cards(),
        **snapshot.period_context(),
        "acknowledgement": found,
        "link_id": access.link.pk,
        "device_form": device_form(access, snapshot),
        "is_just_sent": bool(found and found.is_own and request.GET.get("sent")),
        "wanted_number": request.GET.get("number", ""),
        "history_filter": history,
        "history": Paginator(shown, HISTORY_PAGE).get_page(request.GET.get("page")),
        "history_meter": _only_meter(shown),
        "bars": month_bars(rows, today()),
        "way_to_write": way_to_write(request, access.link, "readings"),
    }


def _show(request: SubscriberRequest, access: AccountAccess, form: ReadingsForm) -> HttpResponse:
    context = readings_context(request, access, form)
    return render(request, "cabinet/meters/readings.html", context)


def _opened(request: SubscriberRequest, link_id: UUID) -> tuple[AccountAccess, ReadingsForm]:
    """Return the account and its form, of today or of the day of an offline draft."""
    right = Right.SEND if request.method == "POST" else Right.READ
    access = access_account(request, link_id, right)
    account = access.account
    meters = meters_in_use(account) if access.may_send and not account.closed_on else []
    day = day_typed(request.POST.get("typed_on", ""))
    files, left_out = photos_within_limits(
        request, account=account, subscriber_id=request.subscriber.pk
    )
    form = ReadingsForm(
        request.POST or None,
        files or None,
        snapshot=meter_snapshot(meters, day, channel=channel_of(access)),
        subscriber_id=request.subscriber.pk,
        norm_volume=account.norm_volume,
        initial={"idempotency_key": uuid4(), **recovered_initial(request)},
    )
    form.photos_left_out = left_out
    return access, form


def _store_photos(form: ReadingsForm, subscriber_id: UUID) -> None:
    """Store photos that have arrived, so that none is sent again for another field's sake."""
    by_pk = {meter.pk: meter for meter in form.meters}
    wanted = {pk: photo_id for pk in by_pk if (photo_id := form.pending_photo(pk))}
    form.photo_ids = pending_photos(wanted=wanted, subscriber_id=subscriber_id)
    for pk, picture in form.new_photos.items():
        stored = photo_store(meter=by_pk[pk], picture=picture, subscriber_id=subscriber_id)
        form.photo_ids[pk] = stored.pk


def _acknowledgement(
    request: SubscriberRequest, access: AccountAccess, number: str
) -> Acknowledgement | None:
    person = request.subscriber.pk
    return acknowledgement_find(
        access.account.pk, number, masked=access.is_delegate, subscriber_id=person
    )


def _check(request: SubscriberRequest, access: AccountAccess, form: ReadingsForm) -> HttpResponse:
    """Show consumption and cost before sending, for browsers that did not compute them."""
    carried: dict[str, Any] = {
        name: value for name, value in request.POST.items() if name.startswith(_CARRIED)
    }
    carried |= {f"pending_photo_{pk}": photo_id for pk, photo_id in form.photo_ids.items()}
    context = {
        "access": access,
        "lines": form.lines(),
        "carried": carried,
        **form.snapshot.period_context(),
    }
    return render(request, "cabinet/meters/check.html", context)


def _send(
    request: SubscriberRequest, access: AccountAccess, form: ReadingsForm
) -> HttpResponse | None:
    """Redirect to the acknowledgement; None when the page is to be shown again."""
    if not may_person_send(request.subscriber.pk):
        form.add_error(None, TOO_MANY)
        return None
    try:
        submission = readings_submit(
            account_pk=access.account.pk,
            readings=form.readings,
            channel=form.snapshot.channel,
            delegation=access.link.delegation,
            subscriber_id=request.subscriber.pk,
            idempotency_key=form.cleaned_data["idempotency_key"],
            taken_on=form.snapshot.day,
            photo_ids=list(form.photo_ids.values()),
        )
    except AccessOver as error:
        raise Http404 from error
    except ReadingRefused as refusal:
        form.refuse(refusal)
        return None
    return HttpResponseRedirect(f"{request.path}?sent={submission.number}")


def _only_meter(rows: list[HistoryRow]) -> HistoryRow | None:
    """Return a row of the meter that all the rows are of, None where they are of several."""
    return rows[0] if len({row.meter.pk for row in rows}) == 1 else None

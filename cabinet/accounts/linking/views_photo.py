"""The page that reads a bill's payment code and starts a linking wizard with what it names."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.accounts.linking.bill_photo import (
    PHOTOS_OF_PERSON,
    BillFound,
    BillPhotoForm,
    PlaceForm,
)
from cabinet.accounts.linking.drafts import draft_start
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.limits import CountersDown


@subscriber_required
def bill_photo(request: SubscriberRequest) -> HttpResponse:
    """Read the photo and go on to the next step; what a code says never becomes an address."""
    if request.method != "POST":
        return _page(request, BillPhotoForm())
    if "inn" in request.POST:
        return _place_chosen(request)
    try:
        if not PHOTOS_OF_PERSON.spend(str(request.subscriber.pk)):
            return _page(request, BillPhotoForm(), status=429, too_many=True)
    except CountersDown:
        return _page(request, BillPhotoForm(), status=503, counters_down=True)
    form = BillPhotoForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form)
    if len(form.found.places) > 1:
        return _page(request, form, place_form=PlaceForm(found=form.found))
    return _next_step(request, form.found)


def _place_chosen(request: SubscriberRequest) -> HttpResponse:
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return _page(request, BillPhotoForm(), place_form=form)
    return _next_step(request, form.found)


def _next_step(request: SubscriberRequest, found: BillFound) -> HttpResponse:
    """Start a wizard with the only place of what was found."""
    [(region, company)] = found.places
    draft = draft_start(
        request.subscriber, region=region, company=company, account_number=found.account_number
    )
    said = {"company": company.name, "number": found.account_number}
    if found.account_number:
        text = _("На квитанции — %(company)s, лицевой счёт %(number)s. Проверьте, всё ли верно.")
    elif found.has_unified_number:
        text = _(
            "На квитанции — %(company)s. В QR-коде указан единый лицевой счёт, а нужен номер лицевого "
            "счёта: он напечатан на самой квитанции."
        )
    else:
        text = _(
            "На квитанции — %(company)s. Номера лицевого счёта в QR-коде нет, введите его сами."
        )
    messages.info(request, text % said)
    return redirect("accounts:add", draft.pk, "initials")


def _page(
    request: SubscriberRequest, form: BillPhotoForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    return render(
        request, "cabinet/accounts/photo.html", {"photo_form": form, **context}, status=status
    )

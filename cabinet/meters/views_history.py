from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render

from cabinet.accounts.access import access_account
from cabinet.accounts.writing import way_to_write
from cabinet.meters.history import HistoryFilter, history_content
from cabinet.meters.models import DialPhoto
from cabinet.meters.photo_services import photo_read
from cabinet.meters.receipts import receipt_find
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from portal.formats.tables import file_response


@subscriber_required
def sent(request: SubscriberRequest, link_id: UUID, number: str) -> HttpResponse:
    """The receipt of one submission of the account, to be printed."""
    access = access_account(request, link_id)
    receipt = receipt_find(access.account, number, masked=False)
    if receipt is None:
        raise Http404
    photos = DialPhoto.objects.filter(
        submission__number=receipt.number,
        submission__account=access.account,
        subscriber_id=request.subscriber.pk,
    ).select_related("meter")
    way = way_to_write(request, access.link)
    context = {"receipt": receipt, "photos": photos, "way_to_write": way}
    return render(request, "cabinet/meters/sent.html", {**access.context(request), **context})


@subscriber_required
def photo(request: SubscriberRequest, link_id: UUID, photo_id: UUID) -> HttpResponse:
    """A photo of this account's meter, to whoever sent it: a later owner is not shown the earlier one's."""
    access = access_account(request, link_id)
    found = DialPhoto.objects.filter(
        pk=photo_id, meter__account=access.account, subscriber_id=request.subscriber.pk
    ).first()
    return photo_answer(found)


def photo_answer(found: DialPhoto | None) -> HttpResponse:
    """The picture; Http404 for none."""
    picture = photo_read(found) if found else None
    if picture is None:
        raise Http404
    answer = HttpResponse(picture, content_type="image/jpeg")
    answer.headers["Content-Disposition"] = 'inline; filename="dial.jpg"'
    answer.headers["Cache-Control"] = "no-store, private"
    return answer


@subscriber_required
def history_file(request: SubscriberRequest, link_id: UUID, form: str) -> HttpResponse:
    """The history by the filter of the page, as `csv` or `xlsx`."""
    access = access_account(request, link_id)
    if form not in ("csv", "xlsx"):
        raise Http404
    chosen = HistoryFilter(request.GET, meters=list(access.account.meters.all()))
    content = history_content(chosen.rows(access.account), form)
    return file_response(content, f"pokazaniya-{access.account.account_number}.{form}")

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from cabinet.accounts.access import access_account
from cabinet.meters.forms import ReadingsForm
from cabinet.meters.models import Reading
from cabinet.meters.receipts import receipt_read, receipt_token
from cabinet.meters.selectors import meters_in_use, reading_history
from cabinet.meters.services import ReadingRefused, readings_submit
from cabinet.subscribers.http import SubscriberRequest, subscriber_required
from cabinet.subscribers.kept_forms import kept_initial

HISTORY_PAGE = 12  # a year of one meter


@subscriber_required
def readings(request: SubscriberRequest, link_id: UUID) -> HttpResponse:
    """Send readings of all meters of the account, see what arrived, look back."""
    access = access_account(request, link_id)
    account = access.account
    meters = [] if account.closed_on else meters_in_use(account)
    form = ReadingsForm(
        request.POST or None, initial=kept_initial(request), meters=meters, masked=False
    )
    if request.method == "POST" and form.is_valid():
        try:
            accepted = readings_submit(
                account_pk=account.pk,
                readings=form.readings,
                channel=Reading.Channel.CABINET,
                subscriber_id=request.subscriber.pk,
            )
        except ReadingRefused as refusal:
            form.refuse(refusal)
        else:
            return HttpResponseRedirect(f"{request.path}?receipt={receipt_token(accepted)}")
    token = request.GET.get("receipt", "")
    page = Paginator(reading_history(account), HISTORY_PAGE).get_page(request.GET.get("page"))
    context = {
        **access.context(request),
        "form": form,
        "meter_cards": form.cards(),
        "receipt": receipt_read(token, masked=False, account_pk=account.pk) if token else None,
        "history": page,
    }
    return render(request, "cabinet/meters/readings.html", context)

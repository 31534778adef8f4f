"""Two addresses for the script that sends what a telephone has kept."""

from uuid import UUID

from django.http import HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cabinet.accounts.access import LinkUnconfirmed, access_account
from cabinet.meters.kept.answers import asks
from cabinet.meters.kept.days import moment_typed
from cabinet.meters.kept.phone import phone_marker
from cabinet.meters.kept.receiving import kept_take
from cabinet.subscribers.http import CabinetRequest, SubscriberRequest, subscriber_required


@require_GET
@never_cache
def who(request: CabinetRequest) -> JsonResponse:
    """Whose readings may be sent now (nobody's: an empty word), and a fresh token for it.

    It also tells a telephone whether there is signal at all.
    """
    marker = phone_marker(request.subscriber.pk) if request.subscriber else ""
    return JsonResponse({"who": marker, "token": get_token(request)})


@never_cache
def kept(request: CabinetRequest, link_id: UUID) -> HttpResponseBase:
    """One reading that was typed without signal; another person's waits for that person.

    Whoever opens the address is led to the page of readings.
    """
    if request.method != "POST":
        return _page(request, link_id)
    who = request.POST.get("who")
    if request.subscriber is None or (who and who != phone_marker(request.subscriber.pk)):
        return JsonResponse({"status": "other"}, status=401)
    try:
        access = access_account(request, link_id)  # type: ignore[arg-type]
    except LinkUnconfirmed:
        return JsonResponse(asks(_("Сначала подтвердите, что лицевой счёт по-прежнему ваш.")))
    try:
        sending_id = UUID(request.POST.get("sending_id", ""))
        typed_at = moment_typed(request.POST.get("age", ""))
    except ValueError:
        return HttpResponseBadRequest()
    if not who:
        return HttpResponseBadRequest()
    return JsonResponse(
        kept_take(access=access, sending_id=sending_id, typed_at=typed_at, fields=request.POST)
    )


@subscriber_required
def _page(request: SubscriberRequest, link_id: UUID) -> HttpResponseBase:
    access_account(request, link_id)
    return redirect("meters:readings", link_id)

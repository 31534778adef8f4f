"""Two addresses for the script that sends offline drafts."""

from uuid import UUID

from django.http import Http404, HttpResponseBadRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from cabinet.accounts.access import LinkUnconfirmed, Right, access_account
from cabinet.accounts.delegates.services import AccessOver
from cabinet.meters.offline.device import owner_marker
from cabinet.meters.offline.drafts import asks, draft_accept, moment_typed
from cabinet.subscribers.http import CabinetRequest, SubscriberRequest, subscriber_required


@require_GET
@never_cache
def identity(request: CabinetRequest) -> JsonResponse:
    """Return the mark of the person logged in (empty without a login), and a fresh token to send with.

    Devices ask it to find out whether there is signal at all, too.
    """
    marker = owner_marker(request.subscriber.pk) if request.subscriber else ""
    return JsonResponse({"owner": marker, "token": get_token(request)})


@never_cache
def draft(request: CabinetRequest, link_id: UUID) -> HttpResponseBase:
    """Accept one draft; another person's stays on the device until that person logs in.

    GET redirects to the page of readings.
    """
    if request.method != "POST":
        return _page(request, link_id)
    owner = request.POST.get("owner")
    if request.subscriber is None or (owner and owner != owner_marker(request.subscriber.pk)):
        return JsonResponse({"status": "other"}, status=401)
    try:
        access = access_account(request, link_id, Right.SEND)  # type: ignore[arg-type]
    except LinkUnconfirmed:
        return JsonResponse(asks(_("Сначала подтвердите, что лицевой счёт по-прежнему ваш.")))
    try:
        idempotency_key = UUID(request.POST.get("idempotency_key", ""))
        typed_at = moment_typed(request.POST.get("age", ""))
    except ValueError:
        return HttpResponseBadRequest()
    if not owner:
        return HttpResponseBadRequest()
    try:
        answer = draft_accept(
            access=access, idempotency_key=idempotency_key, typed_at=typed_at, fields=request.POST
        )
    except AccessOver as error:
        raise Http404 from error
    return JsonResponse(answer)


@subscriber_required
def _page(request: SubscriberRequest, link_id: UUID) -> HttpResponseBase:
    access_account(request, link_id, Right.SEND)
    return redirect("meters:readings", link_id)

"""The page that a payer comes back to: what has become of the payment, for whoever has its key."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cabinet.accounts.selectors import billing_snapshot
from cabinet.payments.models import Payment
from cabinet.payments.page.bank_code import bank_code_content
from cabinet.payments.result.outcome import outcome_ask, outcome_of
from cabinet.subscribers.http import CabinetRequest
from portal.formats.qr import qr_png
from tenants.http import TenantRequest

# A telephone's camera reads it off a screen; four modules around it are the standard's.
_SCALE, _BORDER = 8, 4


@never_cache
@require_safe
def result(request: CabinetRequest, return_key: str) -> HttpResponse:
    """Show what has become of a payment, and let the provider be asked while that is open."""
    payment = _payment(return_key)
    outcome_ask(payment)
    with billing_snapshot():
        outcome = outcome_of(request, payment)
        layout = "cabinet/base.html" if outcome.access else "base.html"
        context = {
            "layout": layout,
            "access": outcome.access,
            "outcome": outcome,
            "payment": payment,
        }
        return _private(render(request, "cabinet/payments/result.html", context))


@never_cache
@require_safe
def state(request: CabinetRequest, return_key: str) -> HttpResponse:
    """Return the state that the page waits for a change of."""
    payment = _payment(return_key)
    outcome_ask(payment)
    return _private(JsonResponse({"state": payment.state}))


@never_cache
@require_safe
def qr(request: CabinetRequest, return_key: str) -> HttpResponse:
    """Draw the QR code of СБП; with `save` as a file to keep. Raises Http404 when it is of no use."""
    payment = _payment(return_key)
    content = outcome_of(request, payment).qr_link
    if not content:
        raise Http404
    return png_response(content, f"oplata-{payment.pk}.png", is_saved="save" in request.GET)


@never_cache
@require_safe
def bank_code(request: TenantRequest, token: str) -> HttpResponse:
    """Draw the code for the app of any bank that a payment page shows; with `save` as a file to keep."""
    content = bank_code_content(token)
    if content is None:
        raise Http404
    return png_response(content, "qr-kod.png", is_saved="save" in request.GET)


def png_response(content: str | bytes, name: str, *, is_saved: bool) -> HttpResponse:
    """Return a QR code as a picture to show, or as a file to keep."""
    picture = qr_png(content, scale=_SCALE, border=_BORDER)
    response = HttpResponse(picture, content_type="image/png")
    if is_saved:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return _private(response)


def _payment(return_key: str) -> Payment:
    rows = Payment.objects.select_related("account", "transfer")
    return get_object_or_404(rows, return_key=return_key)


def _private(response: HttpResponse) -> HttpResponse:
    """Let neither search engines nor other sites know of the address."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

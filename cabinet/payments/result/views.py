"""The page that a payer comes back to: what has become of the payment, for whoever has its key."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache

from cabinet.payments.models import Payment
from tenants.http import TenantRequest


@never_cache
def result(request: TenantRequest, return_key: str) -> HttpResponse:
    """Show the state of a payment."""
    get_object_or_404(Payment, return_key=return_key)
    return HttpResponse()

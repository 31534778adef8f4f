from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from cabinet.subscribers.models import PendingRegistration
from cabinet.subscribers.sessions import secret_hash


def pending_of(request: HttpRequest) -> PendingRegistration | None:
    """The registration that this browser began and nobody has confirmed yet."""
    browser = request.COOKIES.get(settings.REGISTRATION_COOKIE, "")
    if not browser:
        return None
    return PendingRegistration.objects.filter(
        browser_hash=secret_hash(browser), expires_at__gt=timezone.now(), confirmed_at=None
    ).first()

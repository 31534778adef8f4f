"""What a guest asked this telephone to remember: region and account number. Never the initials, which are
what keeps strangers out."""

import datetime

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

COOKIE = "guest_account"
PATH = "/guest/"  # not sent with other pages, which are kept for whoever brings no cookie
LIFETIME = datetime.timedelta(days=400)
_SALT = "cabinet.meters.guest_memory"


def remembered(request: HttpRequest) -> dict[str, str]:
    """`region`, `company` and `account_number`; empty when nothing is, or it is not ours."""
    try:
        content = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=LIFETIME)
    except signing.BadSignature:
        return {}
    return {name: str(content.get(name, "")) for name in ("region", "company", "account_number")}


def remember(response: HttpResponse, *, region: str, company: str, account_number: str) -> None:
    content = {"region": region, "company": company, "account_number": account_number}
    _set(response, signing.dumps(content, salt=_SALT), LIFETIME)


def forget(response: HttpResponse) -> None:
    _set(response, "", datetime.timedelta(0))


def _set(response: HttpResponse, value: str, lifetime: datetime.timedelta) -> None:
    response.set_cookie(
        COOKIE,
        value,
        max_age=int(lifetime.total_seconds()),
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )

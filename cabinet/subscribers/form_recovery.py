"""Recovery of a form that arrived after its session had ended: shown filled in after the next login.

It is never sent again by itself. The fields are stored encrypted for an hour, for the browser that sent
them and the person who was logged in there; passwords, codes and captcha answers are not stored at all.

The row is found by the name in the browser's signed cookie, which nobody makes up: one row a browser, and
the last few of a person, whatever is sent. The cookie of this module only says that there may be a row.
"""

import datetime
import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone
from limits import RateLimitItemPerHour

from cabinet.subscribers.browsers import Browser, browser_of, person_key
from cabinet.subscribers.models import SavedForm, Subscriber
from portal.http.addresses import client_network
from portal.limits import RateLimit
from portal.secrets import keyed_hash, secret_cookie_delete, secret_cookie_set

LIFETIME = datetime.timedelta(hours=1)
LARGEST = 20_000  # characters of all fields together
MOST = 5  # forms of one person, in as many browsers
NETWORK = RateLimit("saved-form", RateLimitItemPerHour(100))
_SECRET = re.compile(r"password|csrf|captcha|token|secret|code", re.IGNORECASE)


def form_save(request: HttpRequest, response: HttpResponse, path: str) -> bool:
    """Save the fields of a POST for the page at `path`; False when there is nothing to save.

    Only for browsers with an earlier login: others have no session that could end.
    """
    browser = browser_of(request)
    content = json.dumps(
        {name: values for name, values in request.POST.lists() if not _SECRET.search(name)},
        ensure_ascii=False,
    )
    if not browser.people or content == "{}" or len(content) > LARGEST or len(path) > 500:
        return False
    if not NETWORK.try_spend(client_network(request), when_down=True):
        return False
    owner = list(browser.people)[-1]
    SavedForm.objects.update_or_create(
        browser_hash=_key(browser),
        defaults={
            "owner_hash": owner,
            "host": request.get_host(),
            "path": path,
            "content": content,
            "expires_at": timezone.now() + LIFETIME,
        },
    )
    of_person = SavedForm.objects.filter(owner_hash=owner).order_by("-expires_at", "-pk")
    SavedForm.objects.filter(pk__in=list(of_person.values_list("pk", flat=True)[MOST:])).delete()
    secret_cookie_set(response, settings.FORM_RECOVERY_COOKIE, "1", LIFETIME)
    return True


def form_take(request: HttpRequest, subscriber: Subscriber) -> QueryDict | None:
    """Return the fields saved for this page, once; another person's are deleted unseen."""
    browser = browser_of(request)
    if not request.COOKIES.get(settings.FORM_RECOVERY_COOKIE) or not browser.name:
        return None
    saved = SavedForm.objects.filter(
        browser_hash=_key(browser), host=request.get_host(), expires_at__gt=timezone.now()
    ).first()
    if saved is None:
        return None
    is_owner = saved.owner_hash == person_key(subscriber)
    if is_owner and saved.path != request.path:
        return None
    saved.delete()
    if not is_owner:
        return None
    fields = QueryDict(mutable=True)
    for name, values in json.loads(saved.content).items():
        fields.setlist(name, values)
    return fields


def form_forget(response: HttpResponseBase) -> None:
    """Expire the cookie of a form that has been shown."""
    secret_cookie_delete(response, settings.FORM_RECOVERY_COOKIE)


def recovered_initial(request: HttpRequest) -> dict[str, Any]:
    """Return the recovered fields for a form's `initial=`, or nothing."""
    recovered: QueryDict | None = getattr(request, "recovered_form", None)
    if recovered is None:
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in recovered.lists()}


def _key(browser: Browser) -> str:
    return keyed_hash(browser.name, purpose="cabinet.subscribers.form_recovery")


def saved_forms_forget() -> int:
    """Delete expired forms. Returns how many."""
    return SavedForm.objects.filter(expires_at__lte=timezone.now()).delete()[0]

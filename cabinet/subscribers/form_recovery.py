"""Recovery of a form that arrived after its session had ended: shown filled in after the next login.

It is never sent again by itself. The fields are stored encrypted for an hour, for the browser that sent
them and the person who was logged in there; passwords, codes and captcha answers are not stored at all.
"""

import datetime
import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone

from cabinet.subscribers.browsers import browser_of, person_key
from cabinet.subscribers.models import SavedForm, Subscriber
from portal.secrets import new_secret, secret_cookie_delete, secret_cookie_set, secret_hash

LIFETIME = datetime.timedelta(hours=1)
LARGEST = 20_000  # characters of all fields together
_SECRET = re.compile(r"password|csrf|captcha|token|secret|code", re.IGNORECASE)


def form_save(request: HttpRequest, response: HttpResponse, path: str) -> bool:
    """Save the fields of a POST for the page at `path`; False when there is nothing to save.

    Only for browsers with an earlier login: others have no session that could end.
    """
    people = browser_of(request).people
    content = json.dumps(
        {name: values for name, values in request.POST.lists() if not _SECRET.search(name)}
    )
    if not people or content == "{}" or len(content) > LARGEST or len(path) > 500:
        return False
    browser = request.COOKIES.get(settings.FORM_RECOVERY_COOKIE, "") or new_secret()
    SavedForm.objects.update_or_create(
        browser_hash=secret_hash(browser),
        defaults={
            "owner_hash": people[-1],
            "host": request.get_host(),
            "path": path,
            "content": content,
            "expires_at": timezone.now() + LIFETIME,
        },
    )
    secret_cookie_set(response, settings.FORM_RECOVERY_COOKIE, browser, LIFETIME)
    return True


def form_take(request: HttpRequest, subscriber: Subscriber) -> QueryDict | None:
    """Return the fields saved for this page, once; another person's are deleted unseen."""
    browser = request.COOKIES.get(settings.FORM_RECOVERY_COOKIE, "")
    if not browser:
        return None
    saved = SavedForm.objects.filter(
        browser_hash=secret_hash(browser), host=request.get_host(), expires_at__gt=timezone.now()
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


def saved_forms_forget() -> int:
    """Delete expired forms. Returns how many."""
    return SavedForm.objects.filter(expires_at__lte=timezone.now()).delete()[0]

"""A form that comes in when the session is over is kept, and shown filled in after the next login.

Never sent again by itself: the person looks at it and presses the button. Kept encrypted for an hour,
for the browser that sent it and for the person who was logged in there; passwords, codes and captcha
answers are not kept at all.
"""

import datetime
import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.utils import timezone

from cabinet.subscribers.login.browser import browser_of, person_key
from cabinet.subscribers.models import KeptForm, Subscriber
from cabinet.subscribers.sessions import (
    delete_secret_cookie,
    new_secret,
    secret_hash,
    set_secret_cookie,
)

LIFETIME = datetime.timedelta(hours=1)
LARGEST = 20_000  # characters of all fields together
_SECRET = re.compile(r"password|csrf|captcha|token|secret|code", re.IGNORECASE)


def form_keep(request: HttpRequest, response: HttpResponse, path: str) -> bool:
    """Keep the fields of a POST for the page at `path`. False when there is nothing to keep.

    Only for a browser in which somebody has logged in before: others have no session that could end.
    """
    people = browser_of(request).people
    content = json.dumps(
        {name: values for name, values in request.POST.lists() if not _SECRET.search(name)}
    )
    if not people or content == "{}" or len(content) > LARGEST or len(path) > 500:
        return False
    browser = request.COOKIES.get(settings.KEPT_FORM_COOKIE, "") or new_secret()
    KeptForm.objects.update_or_create(
        browser_hash=secret_hash(browser),
        defaults={
            "owner_hash": people[-1],
            "host": request.get_host(),
            "path": path,
            "content": content,
            "expires_at": timezone.now() + LIFETIME,
        },
    )
    set_secret_cookie(response, settings.KEPT_FORM_COOKIE, browser, LIFETIME)
    return True


def form_take(request: HttpRequest, subscriber: Subscriber) -> QueryDict | None:
    """What was kept for this page, once. Somebody else who logs in gets nothing, and it is gone."""
    browser = request.COOKIES.get(settings.KEPT_FORM_COOKIE, "")
    if not browser:
        return None
    kept = KeptForm.objects.filter(
        browser_hash=secret_hash(browser), host=request.get_host(), expires_at__gt=timezone.now()
    ).first()
    if kept is None or (kept.owner_hash == person_key(subscriber) and kept.path != request.path):
        return None
    kept.delete()
    if kept.owner_hash != person_key(subscriber):
        return None
    fields = QueryDict(mutable=True)
    for name, values in json.loads(kept.content).items():
        fields.setlist(name, values)
    return fields


def form_forget(request: HttpRequest, response: HttpResponseBase) -> None:
    """The cookie of a form that has been shown."""
    delete_secret_cookie(response, settings.KEPT_FORM_COOKIE)


def kept_initial(request: HttpRequest) -> dict[str, Any]:
    """For a form's `initial=`: what was typed before the session ended, or nothing."""
    kept: QueryDict | None = getattr(request, "kept_form", None)
    if kept is None:
        return {}
    return {name: values[0] if len(values) == 1 else values for name, values in kept.lists()}


def kept_forms_forget() -> int:
    return KeptForm.objects.filter(expires_at__lte=timezone.now()).delete()[0]

"""The mail catcher's page. Only where settings.DEMO holds: anybody may read these letters."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from devtools.demo.mailbox import letter_read, letters


@require_safe
@never_cache
def mail_list(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/mail_list.html", {"letters": letters(settings.DEMO_MAIL_DIR)})


@require_safe
@never_cache
def mail_letter(request: HttpRequest, name: str) -> HttpResponse:
    letter = letter_read(settings.DEMO_MAIL_DIR, name)
    if letter is None:
        raise Http404
    return render(request, "demo/mail_letter.html", {"letter": letter})

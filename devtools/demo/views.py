"""The mail catcher's page and the messenger. Only where settings.DEMO holds: anybody may use these."""

from typing import Any

import requests
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from devtools.demo.mailbox import letter_read, letters
from devtools.demo.messenger import USERS


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


@require_safe
@never_cache
def messenger(request: HttpRequest) -> HttpResponse:
    return render(request, "demo/max.html", {"users": USERS})


@never_cache
def messenger_bot(request: HttpRequest, bot: str) -> HttpResponse:
    """Show a bot, where a link to it leads; by POST a user of the messenger starts or stops it."""
    context: dict[str, Any] = {"bot": bot, "users": USERS, "payload": request.GET.get("start", "")}
    if request.method == "POST":
        context |= _act(bot, request.POST.get("user", ""), request.POST.get("act", ""), context)
    return render(request, "demo/max.html", context)


def _act(bot: str, user: str, act: str, context: dict[str, Any]) -> dict[str, Any]:
    if not user.isdecimal() or act not in ("start", "stop"):
        return {}
    content = {"bot": bot, "user_id": int(user), "payload": context["payload"]}
    try:
        answer = requests.post(f"{settings.MAX_API_URL}/demo/{act}", json=content, timeout=10)
    except requests.RequestException:
        return {"failed": True}
    return {"done": act, "who": USERS.get(int(user)), "failed": not answer.ok}

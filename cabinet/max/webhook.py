"""What MAX reports to us: who has opened the bot, and who has stopped it."""

import datetime
import json
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from cabinet.max import invitations
from cabinet.max.selectors import company_bot
from portal.http.errors import not_found
from tenants.http import TenantRequest

_LARGEST = 64 * 1024
_LARGEST_NUMBER = 2**63 - 1


@never_cache
@csrf_exempt
@require_POST
def webhook(request: TenantRequest) -> HttpResponse:
    """Take one update from MAX, which proves itself by the secret that it was given.

    It repeats what is not answered 200. So what we do not know, or cannot read, is answered 200 as well.
    """
    bot = company_bot()
    if bot is None or not bot.webhook_secret:
        return not_found(request)
    if not constant_time_compare(
        request.headers.get("X-Max-Bot-Api-Secret", ""), bot.webhook_secret
    ):
        return JsonResponse({"error": "forbidden"}, status=403)
    body = request.body
    if len(body) > _LARGEST:
        return JsonResponse({"error": "too_large"}, status=413)
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return JsonResponse({"error": "unreadable"}, status=400)
    _take(update if isinstance(update, dict) else {})
    return JsonResponse({"success": True})


def _take(update: dict[str, Any]) -> None:
    user = update.get("user")
    if not isinstance(user, dict):
        return
    user_id = user.get("user_id")
    if type(user_id) is not int or not 0 < user_id <= _LARGEST_NUMBER:
        return
    kind = update.get("update_type")
    if kind == "bot_started":
        payload = update.get("payload")
        invitations.bot_started(
            user_id=user_id,
            name=_name(user),
            payload=payload if isinstance(payload, str) else "",
        )
    elif kind == "bot_stopped":
        invitations.bot_stopped(user_id=user_id, at=_moment(update.get("timestamp")))


def _name(user: dict[str, Any]) -> str:
    parts = [user.get("first_name"), user.get("last_name")]
    name = " ".join(part for part in parts if isinstance(part, str))
    whole = user.get("name")
    name = name or (whole if isinstance(whole, str) else "")
    return name.encode(
        errors="replace"
    ).decode()  # JSON may have halves of a sign, which nothing stores


def _moment(milliseconds: object) -> datetime.datetime:
    """Return when it happened, not later than now: MAX reports late what was not answered."""
    now = timezone.now()
    if type(milliseconds) is not int:
        return now
    try:
        return min(now, datetime.datetime.fromtimestamp(milliseconds / 1000, tz=datetime.UTC))
    except (ValueError, OverflowError, OSError):
        return now

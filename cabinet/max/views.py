"""«Настройки», MAX: the person's own chat with the company's bot."""

import datetime
import uuid
from typing import Any

import zxingcpp
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cabinet.max import invitations
from cabinet.max.selectors import (
    bot_offered,
    chat_of,
    companies_elsewhere,
    deep_link,
    invitation_has,
    invitation_of,
)
from cabinet.subscribers.http import SubscriberRequest, post_only, subscriber_required
from portal.secrets import secret_cookie_delete, secret_cookie_set

PAGE = "max:page"
# Longer than the link, so that its browser is told that it is over.
_REMEMBERED = datetime.timedelta(hours=1)


@subscriber_required
def page(request: SubscriberRequest) -> HttpResponse:
    return render(request, "cabinet/max/page.html", _context(request))


@subscriber_required
def qr(request: SubscriberRequest) -> HttpResponse:
    """Draw the link that the page shows, for a telephone. Raises Http404 without one."""
    link = _context(request)["deep_link"]
    if not link:
        raise Http404
    code = zxingcpp.create_barcode(link, zxingcpp.BarcodeFormat.QRCode)
    response = HttpResponse(code.to_svg(add_quiet_zones=True), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "no-store"
    return response


@post_only(PAGE)
@subscriber_required
def invite(request: SubscriberRequest) -> HttpResponse:
    """Make a link to the bot. The browser that asked keeps its secret, we the hash alone."""
    response = redirect(PAGE)
    if bot_offered() is None or chat_of(request.subscriber.pk):
        return response
    try:
        secret = invitations.invitation_create(request.subscriber)
    except invitations.TooManyInvitations:
        messages.warning(request, _("Слишком много ссылок за час. Попробуйте позже."))
        return response
    secret_cookie_set(response, settings.MAX_COOKIE, secret, _REMEMBERED)
    return response


@post_only(PAGE)
@subscriber_required
def confirm(request: SubscriberRequest, invitation_id: uuid.UUID) -> HttpResponse:
    """Take the user who has opened the link: POST `me` is yes or no. Anything else changes nothing."""
    response = redirect(PAGE)
    said = request.POST.get("me")
    if said == "yes":
        try:
            invitations.invitation_confirm(
                subscriber=request.subscriber, invitation_id=invitation_id
            )
        except invitations.InvitationOver:
            messages.warning(request, _("Время ссылки вышло. Получите новую."))
        else:
            messages.success(request, _("MAX подключён."))
    elif said == "no":
        invitations.invitation_drop(subscriber=request.subscriber, invitation_id=invitation_id)
        messages.success(
            request, _("Этот MAX не подключён. Никому не показывайте ссылку и получите новую.")
        )
    else:
        return response
    secret_cookie_delete(response, settings.MAX_COOKIE)
    return response


@post_only(PAGE)
@subscriber_required
def switch(request: SubscriberRequest) -> HttpResponse:
    """Let messages come or not: POST `on` is yes or no."""
    is_on = request.POST.get("on") == "yes"
    invitations.chat_switch(subscriber=request.subscriber, is_on=is_on)
    messages.success(
        request,
        _("Сообщения снова приходят в MAX.") if is_on else _("Сообщения в MAX больше не приходят."),
    )
    return redirect(PAGE)


@post_only(PAGE)
@subscriber_required
def unlink(request: SubscriberRequest) -> HttpResponse:
    invitations.chat_unlink(subscriber=request.subscriber)
    messages.success(request, _("MAX отключён."))
    return redirect(PAGE)


def _context(request: SubscriberRequest) -> dict[str, Any]:
    """Return what the page shows. The link is shown to the browser that has asked for it."""
    person = request.subscriber
    bot, chat = bot_offered(), chat_of(person.pk)
    invitation = invitation_of(person.pk) if bot and not chat else None
    secret = request.COOKIES.get(settings.MAX_COOKIE, "")
    link = ""
    if bot and invitation and not invitation.opened_at and invitation_has(invitation, secret):
        link = deep_link(bot, secret)
    state = "linked" if chat else "opened" if invitation and invitation.opened_at else "waiting"
    return {
        "tab": "subscriptions",
        "bot": bot,
        "chat": chat,
        "invitation": invitation,
        "deep_link": link,
        "state": state,
        "is_over": bool(secret) and invitation is None and chat is None,
        "elsewhere": companies_elsewhere(person),
    }

"""A guest who has lost the link of his ticket finds it again: by his contact, and the code that goes there.

A signed cookie says which contact this browser asks about, and then that it has proved it.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cabinet.appointments.exceptions import CodeNotSent, CodeTooSoon
from cabinet.appointments.facts import Ticket, ticket_path
from cabinet.appointments.lifecycle.finding import finding_code_send, finding_confirm
from cabinet.appointments.page.forms import FindForm
from cabinet.appointments.selectors import appointments_found
from cabinet.appointments.ticket.pages import private
from cabinet.subscribers.contact_forms import SmsCodeForm
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.http import CabinetRequest, back_shows_answers
from cms_pages.stored.frame import render_framed
from portal.secrets import CodeSpent, CodeWrong, SignedToken, secret_cookie_set

_COOKIE, _PATH = "appointment_find", "/guest/appointment/find/"
_LIFETIME = datetime.timedelta(minutes=30)
_token = SignedToken("appointments.find", _LIFETIME)
_FIND, _CODE, _FOUND = (f"appointments:{name}" for name in ("find", "find_code", "found"))


@dataclass(frozen=True)
class _Asked:
    """By which contact this browser looks, and the key of its code; without a key it has typed the code."""

    contact: Contact
    key: UUID | None

    @classmethod
    def of(cls, request: HttpRequest) -> _Asked | None:
        content = _token.read(request.COOKIES.get(_COOKIE, ""))
        if not content:
            return None
        kind, value, key = content
        return cls(Contact(kind, value), UUID(key) if key else None)

    def keep(self, response: HttpResponse) -> HttpResponse:
        content = [self.contact.kind, self.contact.value, str(self.key or "")]
        secret_cookie_set(response, _COOKIE, _token.make(content), _LIFETIME, path=_PATH)
        return response


@back_shows_answers
def find(request: CabinetRequest) -> HttpResponse:
    """Ask for a telephone or an address, and send it a code if it has bookings to come."""
    if not request.tenant.is_gas:
        raise Http404
    before = _Asked.of(request)
    form = FindForm(
        request.POST or None, initial={"contact": str(before.contact)} if before else {}
    )
    if request.method != "POST" or not form.is_valid():
        return _page(request, "find", form=form)
    asked = _Asked(form.cleaned_data["contact"], uuid4())
    assert asked.key  # noqa: S101 — made a line above
    try:
        finding_code_send(key=asked.key, contact=asked.contact)
    except CodeNotSent:
        form.add_error("contact", _("Вы запросили слишком много кодов. Попробуйте через час."))
        return _page(request, "find", 429, form=form)
    return asked.keep(redirect(_CODE))


@back_shows_answers
def find_code(request: CabinetRequest) -> HttpResponse:
    """Take the code, or send a new one (POST `again`); the right one leads to the bookings."""
    asked = _Asked.of(request)
    if asked is None:
        return redirect(_FIND)
    if asked.key is None:
        return redirect(_FOUND)
    if "again" in request.POST:
        return _again(request, asked.contact, asked.key)
    form = SmsCodeForm(request.POST or None, by_email=asked.contact.kind == "email")
    if request.method == "POST" and form.is_valid():
        try:
            finding_confirm(key=asked.key, code=form.cleaned_data["code"])
        except CodeWrong as wrong:
            form.refuse(wrong.tries_left)
        except CodeSpent:
            form.refuse(0)
        else:
            return _Asked(asked.contact, None).keep(redirect(_FOUND))
    return _page(request, "find_code", form=form, contact=asked.contact)


@never_cache
@require_safe
def found(request: CabinetRequest) -> HttpResponse:
    """List what is to come by the contact that this browser has proved."""
    asked = _Asked.of(request)
    if asked is None or asked.key:
        return redirect(_CODE if asked else _FIND)
    rows = appointments_found(asked.contact).prefetch_related("centre__phones")
    tickets = [(Ticket(one), ticket_path(one)) for one in rows]
    return _page(request, "found", tickets=tickets, contact=asked.contact)


def _again(request: CabinetRequest, contact: Contact, key: UUID) -> HttpResponse:
    try:
        finding_code_send(key=key, contact=contact)
    except CodeTooSoon:
        messages.warning(request, _("Новый код можно получить через минуту после прежнего."))
    except CodeNotSent:
        messages.warning(request, _("Вы запросили слишком много кодов. Попробуйте через час."))
    else:
        messages.success(request, _("Если запись есть, мы отправили новый код."))
    return redirect(_CODE)


def _page(request: CabinetRequest, name: str, status: int = 200, **context: Any) -> HttpResponse:
    template = f"cabinet/appointments/ticket/{name}.html"
    return private(render_framed(request, template, context, status=status))

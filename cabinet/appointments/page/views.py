"""«Запись на приём» step by step (manual 1, figure 2): without registration, and in the cabinet."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from cabinet.accounts.access import access_account
from cabinet.appointments.base import Window
from cabinet.appointments.models import AppointmentService
from cabinet.appointments.page.contact import contact_answer
from cabinet.appointments.page.days import (
    Free,
    calendar,
    day_parts,
    days_beside,
    nearest_offers,
    windows_by_day,
)
from cabinet.appointments.page.held import held_window
from cabinet.appointments.page.steps import (
    Choice,
    StepPage,
    Way,
    day_gone,
    day_read,
    time_read,
)
from cabinet.appointments.selectors import centres_bookable, services_of
from cabinet.subscribers.http import (
    CabinetRequest,
    SubscriberRequest,
    back_shows_answers,
    subscriber_required,
)
from cms_pages.models import ServiceCentre


@back_shows_answers
def guest(request: CabinetRequest, **parts: Any) -> HttpResponse:
    """Show a step of a booking without an account; after the last one, lead to the code or the ticket."""
    if not request.tenant.is_gas:
        raise Http404
    return _Steps(Way(request)).answer(**parts)


@never_cache
@subscriber_required
def new(request: SubscriberRequest, link_id: UUID, **parts: Any) -> HttpResponse:
    """Show a step of a booking in the cabinet; after the last one, lead to the ticket."""
    access = access_account(request, link_id)
    if not request.tenant.is_gas:
        raise Http404
    return _Steps(Way(request, access)).answer(**parts)


class _Steps:
    """Finds what the address has chosen, and shows the step after it."""

    def __init__(self, way: Way) -> None:
        self.way = way
        self.centres = list(centres_bookable())
        self.one_centre = len(self.centres) == 1
        self.services: list[AppointmentService] = []

    def answer(
        self, centre: int | None = None, service: int | None = None, day: str = "", time: str = ""
    ) -> HttpResponse:
        if not self.centres:
            return StepPage(self.way, Choice()).show("nobody")
        found = next((one for one in self.centres if one.pk == centre), None)
        if found is None:
            return self._centres(is_gone=centre is not None)
        self.services = list(services_of(found))
        wanted = next((one for one in self.services if one.pk == service), None)
        if wanted is None:
            return self._services(found, is_gone=service is not None)
        return self._days(Choice(found, wanted), day, time)

    def _page(self, choice: Choice) -> StepPage:
        one_service = len(self.services) == 1
        return StepPage(self.way, choice, one_centre=self.one_centre, one_service=one_service)

    def _centres(self, *, is_gone: bool) -> HttpResponse:
        centre = self.centres[0] if self.one_centre else self._own_centre()
        if centre and not is_gone:
            return HttpResponseRedirect(self.way.address(Choice(centre)))
        for one in self.centres:
            one.href = self.way.address(Choice(one))
        notice = _("Этот центр больше не принимает по записи") if is_gone else ""
        status = 404 if is_gone else 200
        return self._page(Choice()).show("centres", status, centres=self.centres, notice=notice)

    def _own_centre(self) -> ServiceCentre | None:
        """Return the centre of the account, unless the person wants to choose another one."""
        access = self.way.access
        if access is None or "choose" in self.way.request.GET:
            return None
        code = access.account.service_centre
        return next((one for one in self.centres if code and one.code == code), None)

    def _services(self, centre: ServiceCentre, *, is_gone: bool) -> HttpResponse:
        if len(self.services) == 1 and not is_gone:
            return HttpResponseRedirect(self.way.address(Choice(centre, self.services[0])))
        rows = [(one, self.way.address(Choice(centre, one))) for one in self.services]
        notice = _("На эту услугу здесь больше не записывают") if is_gone else ""
        status = 404 if is_gone else 200
        return self._page(Choice(centre)).show("services", status, services=rows, notice=notice)

    def _days(self, choice: Choice, day_typed: str, time: str) -> HttpResponse:
        free = windows_by_day(choice)
        if not day_typed:
            return self._calendar(choice, free)
        day = day_read(day_typed)
        windows = free.get(day, [])
        chosen = replace(choice, day=day)
        if time:
            chosen = replace(chosen, time=time_read(day, time))
            is_free = any(one.starts_at == chosen.time for one in windows)
            request = self.way.request
            if is_free or request.method == "POST" or held_window(request, chosen):
                return contact_answer(self._page(chosen))
        if not windows:
            return self._calendar(choice, free, notice=day_gone(day))
        return self._times(replace(chosen, time=None), windows, free, is_taken=bool(time))

    def _calendar(self, choice: Choice, free: Free, notice: str = "") -> HttpResponse:
        page = self._page(choice)
        return page.show(
            "days",
            notice=notice,
            days=calendar(self.way, choice, free),
            nearest=nearest_offers(self.way, choice)[:1] if free else [],
            other_centres=not self.one_centre,
        )

    def _times(
        self, choice: Choice, windows: list[Window], free: Free, *, is_taken: bool
    ) -> HttpResponse:
        assert choice.day  # noqa: S101
        notice = _("Это время только что заняли") if is_taken else ""
        return self._page(choice).show(
            "times",
            notice=notice,
            parts=day_parts(self.way, choice, windows),
            beside=days_beside(choice.day, free, self.way, choice),
        )

"""Accidents and planned work: whom they concern, and how the site and the cabinet say it.

They are notices of the site beside the editors' own (`cms_pages.notices`), read and cached with them.
"""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.centre.streets import Street, is_concerned, place_of
from cabinet.appeals.models import Incident
from cms_pages.models import ServiceCentre
from cms_pages.notices import Notice, notices_changed, notices_now
from cms_pages.stored.page_cache import new_generation
from portal.connection import current_schema
from portal.formats.dates import moment_said
from portal.formats.numbers import NO_BREAK

STREETS_SHOWN = 5


@dataclass(frozen=True, kw_only=True)
class IncidentNotice(Notice):
    """`centres` and `district_ids` limit it to the addresses that they serve, `lines` to streets."""

    works_from: datetime.datetime
    centres: frozenset[int] = frozenset()
    district_ids: frozenset[int] = frozenset()
    lines: tuple[tuple[Street, ...], ...] = ()

    @property
    def when(self) -> str:
        """Return when it begins and is to end, as far as that is known."""
        if self.works_from > timezone.now():
            begins = f"Работы начнутся {moment_said(self.works_from)}"
            return f"{begins} и{NO_BREAK}закончатся {self._ends}." if self.ends_at else f"{begins}."
        if self.ends_at:
            return f"Рассчитываем закончить {self._ends}."
        return "Когда закончим, пока неизвестно."

    @property
    def _ends(self) -> str:
        moment = timezone.localtime(self.ends_at)
        begins, now = timezone.localtime(self.works_from), timezone.localtime()
        if moment.date() == max(begins.date(), now.date()):
            return f"в{NO_BREAK}{moment:%H:%M}"
        return moment_said(moment)

    def concerns(self, place: tuple[Street, ...], centre: ServiceCentre | None) -> bool:
        """Return whether it concerns an address; where its centre is unknown, the streets alone decide."""
        limited = bool(self.centres or self.district_ids)
        if limited and centre and not self._covers(centre):
            return False
        return not self.lines or any(is_concerned(place, line) for line in self.lines)

    def _covers(self, centre: ServiceCentre) -> bool:
        return centre.pk in self.centres or bool(centre.districts_served & self.district_ids)


def centre_of(account: PersonalAccount) -> ServiceCentre | None:
    """Return the account's centre with the districts that it serves; None until editors have entered it."""
    centres = ServiceCentre.published.prefetch_related("serves")
    found: ServiceCentre | None = centres.filter(code=account.service_centre).first()
    return found


def incidents_of(account: PersonalAccount) -> list[IncidentNotice]:
    """Return what is known to concern the address of an account now, the gravest first."""
    return [one for one in notices_of(account) if isinstance(one, IncidentNotice)]


def notices_of(account: PersonalAccount) -> list[Notice]:
    """Return the site's notices without accidents and work that do not concern the account.

    A query or two, only while something is limited to centres or districts.
    """
    notices = notices_now()
    works = [one for one in notices if isinstance(one, IncidentNotice)]
    centre = centre_of(account) if any(one.centres or one.district_ids for one in works) else None
    place = place_of(account.address) if works else ()
    return [
        one for one in notices if not isinstance(one, IncidentNotice) or one.concerns(place, centre)
    ]


def incident_notices(**_: Any) -> list[Notice]:
    """Return the notices of all that is not over yet (a receiver of `notices_asked`)."""
    if current_schema() == "public":
        return []
    rows = Incident.objects.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()))
    return [_notice(row) for row in rows.prefetch_related("centres", "districts")]


def _notice(row: Incident) -> IncidentNotice:
    centres, districts = list(row.centres.all()), list(row.districts.all())
    streets = row.street_lines
    more = ["и другие улицы"] if len(streets) > STREETS_SHOWN else []
    return IncidentNotice(
        severity="danger" if row.kind == Incident.Kind.EMERGENCY else "warning",
        title=row.title,
        text=row.text,
        starts_at=row.shown_from,
        ends_at=row.ends_at,
        districts=(
            *(one.name for one in districts),
            *(one.name for one in centres),
            *streets[:STREETS_SHOWN],
            *more,
        ),
        works_from=row.starts_at,
        centres=frozenset(one.pk for one in centres),
        district_ids=frozenset(one.pk for one in districts),
        lines=tuple(place_of(line) for line in streets),
    )


def incidents_changed(**_: Any) -> None:
    """Drop what pages have stored of the old rows (a signal's receiver)."""
    notices_changed()
    new_generation()

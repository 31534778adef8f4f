"""Which centre, day and desk a page of the desk is about: asked for in the address, or remembered."""

import datetime
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cms_pages.models import ServiceCentre

_SESSION = (
    "appointments_desk"  # of the staff session: the keys of the centre and the desk last chosen
)
_FAR = datetime.timedelta(days=366)
_A_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Choice:
    """`centres`: all of them; `centre` is None where the company has none."""

    centres: list[ServiceCentre]
    centre: ServiceCentre | None
    day: datetime.date
    desk_pk: int | None = None

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()

    @property
    def is_ahead(self) -> bool:
        return self.day > timezone.localdate()

    @property
    def before(self) -> datetime.date:
        return self.day - _A_DAY

    @property
    def after(self) -> datetime.date:
        return self.day + _A_DAY

    @property
    def url(self) -> str:
        return sheet_url(self.centre.pk if self.centre else None, self.day)


def sheet_url(centre_pk: int | None, day: datetime.date) -> str:
    asked = urlencode({"centre": centre_pk or "", "day": day.isoformat()})
    return f"{reverse('appointments_desk')}?{asked}"


def choice_of(request: HttpRequest, *, code: str = "") -> Choice:
    """Return the choice of a page, and remember its centre and desk for the next one.

    `code`: of the centre that is proposed, whatever was chosen before.
    """
    centres = list(ServiceCentre.objects.prefetch_related("hours", "closures", "desks"))
    centre_pk, desk_pk = request.session.get(_SESSION, (None, None))
    if asked := _number(request.GET.get("centre", "")):
        desk_pk = desk_pk if asked == centre_pk else None
        centre_pk = asked
    elif proposed := next((one for one in centres if one.code == code), None):
        centre_pk, desk_pk = proposed.pk, None
    if "desk" in request.GET:
        desk_pk = _number(request.GET["desk"])
    usual = next((one for one in centres if one.desks.all()), centres[0] if centres else None)
    centre = next((one for one in centres if one.pk == centre_pk), usual)
    if centre is None or desk_pk not in {one.pk for one in centre.desks.all()}:
        desk_pk = None
    remembered = [centre.pk if centre else None, desk_pk]
    # Not one that was only proposed: what counts for it stands on the admin's first page.
    is_chosen = centre is not None and centre.pk == centre_pk
    if is_chosen and request.session.get(_SESSION) != remembered:
        request.session[_SESSION] = remembered
    return Choice(centres, centre, day_asked(request.GET.get("day", "")), desk_pk)


def centre_remembered(request: HttpRequest) -> int | None:
    centre_pk: int | None = request.session.get(_SESSION, (None, None))[0]
    return centre_pk


def day_asked(typed: str) -> datetime.date:
    """Return a day of an address, today for what is none or lies too far away."""
    today = timezone.localdate()
    try:
        day = datetime.date.fromisoformat(typed)
    except ValueError:
        return today
    return day if abs(day - today) <= _FAR else today


def _number(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else None

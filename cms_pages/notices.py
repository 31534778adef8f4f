"""Urgent notices of the current company: at most one query a page, and usually none."""

import datetime
from dataclasses import dataclass
from typing import Any, cast

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.dispatch import Signal
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import WorkflowState

from cms_pages.centres.models import District
from cms_pages.review.models import Reviewed, review_permissions
from portal.desk.versions import VersionedForm
from portal.formats.dates import check_moment


class UrgentNotice(Reviewed, ClusterableModel):
    """What everybody must know now: an outage, planned work. Shown on every page while it lasts."""

    class Severity(models.TextChoices):
        DANGER = "danger", _("авария")
        WARNING = "warning", _("плановые работы")
        INFO = "info", _("важная новость")

    severity = models.CharField(
        _("важность"), max_length=10, choices=Severity.choices, default=Severity.WARNING
    )
    title = models.CharField(_("заголовок"), max_length=120)
    text = models.TextField(_("текст"), max_length=1000, blank=True)
    starts_at = models.DateTimeField(_("начинается"), default=timezone.now)
    ends_at = models.DateTimeField(
        _("заканчивается"), null=True, blank=True, help_text=_("Пусто — пока не уберёте.")
    )
    districts = ParentalManyToManyField(
        District, blank=True, verbose_name=_("районы"), help_text=_("Не отмечены — вся область.")
    )
    created_at = models.DateTimeField(auto_now_add=True)

    base_form_class = VersionedForm

    class Meta:
        ordering = ["-starts_at"]
        verbose_name = _("срочное объявление")
        verbose_name_plural = _("срочные объявления")
        permissions = review_permissions("urgentnotice")
        constraints = [
            models.CheckConstraint(
                name="notice_ends_after_start",
                condition=models.Q(ends_at=None) | models.Q(ends_at__gt=models.F("starts_at")),
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        try:
            check_moment(self.starts_at)
        except ValidationError as error:
            raise ValidationError({"starts_at": error}) from error
        if self.ends_at and self.starts_at and self.ends_at <= self.starts_at:
            raise ValidationError(
                {"ends_at": _("Объявление заканчивается раньше, чем начинается.")}
            )

    @property
    def phase(self) -> str:
        """Return whether visitors see it now, will see it or saw it."""
        now = timezone.now()
        if not self.live:
            return self._unpublished
        if now < self.starts_at:
            return str(_("Появится"))
        over = self.ends_at is not None and self.ends_at <= now
        return str(_("Закончилось")) if over else str(_("На сайте"))

    @property
    def _unpublished(self) -> str:
        """Return how far the review of a notice is that was never published or is no more."""
        states = {state.status for state in self._workflow_states.all()}
        if WorkflowState.STATUS_NEEDS_CHANGES in states:
            return str(_("Возвращено на доработку"))
        if WorkflowState.STATUS_IN_PROGRESS in states:
            return str(_("На проверке"))
        return str(_("Не опубликовано"))

    @property
    def as_notice(self) -> "Notice":
        """Return it as visitors would see it."""
        names = tuple(one.name for one in self.districts.all())
        return Notice(self.severity, self.title, self.text, self.starts_at, self.ends_at, names)

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show it above the home page, among those that show now, begun or not."""
        published = UrgentNotice.objects.filter(pk=self.pk).values_list("title", flat=True)
        others = [one for one in notices_now() if one.title not in published]
        shown = sorted([self.as_notice, *others], key=lambda one: SEVERITIES[one.severity])
        request.urgent_notices = shown  # type: ignore[attr-defined]
        return super().serve_preview(request, mode_name)


# The cache is keyed by company, and dropped when a notice changes. The seconds end what was stored by a
# page that read the old rows while the new ones were being committed.
CACHE_KEY = "urgent-notices"

CACHE_SECONDS = 60

# Apps above answer with a list of `Notice`s of their own that are not over yet; read once a minute a company.
notices_asked = Signal()

SEVERITIES = {"danger": 0, "warning": 1, "info": 2}


@dataclass(frozen=True)
class Notice:
    severity: str
    title: str
    text: str
    starts_at: datetime.datetime
    ends_at: datetime.datetime | None
    districts: tuple[str, ...]

    @property
    def when(self) -> str:
        """Return how long it lasts, where the text does not say it."""
        return ""

    def shows_at(self, moment: datetime.datetime) -> bool:
        return self.starts_at <= moment and (self.ends_at is None or moment < self.ends_at)


def notices_now() -> list[Notice]:
    """Return the notices that show now, the gravest first.

    The cache holds what is not over yet; whether a notice has begun is asked each time.
    """
    now = timezone.now()
    return [notice for notice in _known() if notice.shows_at(now)]


def notices_change_at() -> datetime.datetime | None:
    """Return when the next notice begins or ends: stored pages must not outlive it."""
    now = timezone.now()
    moments = [moment for one in _known() for moment in (one.starts_at, one.ends_at) if moment]
    return min((moment for moment in moments if moment > now), default=None)


def _known() -> list[Notice]:
    found: list[Notice] | None = cache.get(CACHE_KEY)
    if found is None:
        found = _read()
        cache.set(CACHE_KEY, found, CACHE_SECONDS)
    return found


def _read() -> list[Notice]:
    """Read the notices in one query: the districts' names come with the rows. Others' come by a signal."""
    rows = (
        UrgentNotice.objects.filter(Q(ends_at=None) | Q(ends_at__gt=timezone.now()), live=True)
        .order_by("-starts_at", "pk", "districts__name")
        .values_list("pk", "severity", "title", "text", "starts_at", "ends_at", "districts__name")
    )
    notices: dict[int, Notice] = {}
    for pk, severity, title, text, starts_at, ends_at, district in rows:
        names = (*notices[pk].districts, district) if pk in notices else (district,)
        places = tuple(name for name in names if name)
        notices[pk] = Notice(severity, title, text, starts_at, ends_at, places)
    found = [*notices.values()]
    for _receiver, others in notices_asked.send(sender=UrgentNotice):
        found += cast(list[Notice], others)
    return sorted(found, key=lambda one: SEVERITIES[one.severity])


def notices_changed(**_: Any) -> None:
    """Forget the cached notices: now for this transaction's pages, and at its commit for the others."""
    _forget()
    transaction.on_commit(_forget)


def _forget() -> None:
    cache.delete(CACHE_KEY)

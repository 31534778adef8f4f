"""The operators' read-only list of submissions, by number or account, with photos."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.admin import SimpleListFilter, display
from django.db.models import Prefetch
from django.http import FileResponse, HttpRequest
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import DjangoORMSearchHandler
from wagtail_modeladmin.views import InspectView

from cabinet.meters.models import DialPhoto, Reading, Submission, SubmissionLine
from portal.desk.access import company_only, desk_view
from portal.desk.lists import Rows
from portal.desk.modeladmin import CompanyAdmin, CompanyPermissions
from portal.formats.dates import month_name
from portal.formats.numbers import cubic_metres
from portal.formats.text import account_keys, clean_text
from portal.staff.admin_home_items import Action
from portal.uploads.services import upload_response
from tenants.models import GasCompany
from tenants.selectors import current_company

VIEW = "meters.view_submission"


def _readings(submission: Submission) -> str:
    """Return what was sent, and where another reading of the day stands instead."""
    lines = submission.lines.select_related("meter").order_by("pk")
    of_day = Reading.objects.filter(
        meter__in=[line.meter_id for line in lines],
        taken_on=submission.taken_on,
        origin=Reading.Origin.PORTAL,
    )
    standing = {reading.meter_id: reading for reading in of_day}
    shown = (
        (
            line.meter,
            cubic_metres(line.value),
            _new_meter(line),
            _instead(submission, standing.get(line.meter_id)),
        )
        for line in lines
    )
    return format_html_join("\n", "<div>{}: {}{}{}</div>", shown)


def _new_meter(line: SubmissionLine) -> str:
    """Return the mark of a replaced meter, with the new one's number as the sender typed it."""
    if line.lower_reason != Reading.LowerReason.REPLACED:
        return ""
    if not line.new_serial_number:
        return str(_(" — счётчик заменён, номер нового не указан"))
    return _(" — счётчик заменён, номер нового: %(number)s") % {"number": line.new_serial_number}


def _instead(submission: Submission, standing: Reading | None) -> str:
    sent = (submission.received_at, submission.channel)
    if standing is None or (standing.received_at, standing.source) == sent:
        return ""
    return _(" — не учтено, за этот день передано %(value)s (%(channel)s)") % {
        "value": cubic_metres(standing.value),
        "channel": standing.source_label,
    }


def _photos(submission: Submission) -> str:
    photos = submission.photos.select_related("meter").order_by("created_at")
    links = ((reverse("dial_photo", args=[photo.pk]), str(photo.meter)) for photo in photos)
    return format_html_join("\n", '<div><a href="{}">{}</a></div>', links) or "—"


def _month(submission: Submission) -> str:
    return month_name(submission.counts_for)


_EXTRA = {
    "counts_for": (_("за месяц"), _month),
    "readings": (_("показания"), _readings),
    "photos": (_("фото"), _photos),
}


class SubmissionInspectView(InspectView):
    def get_field_label(self, field_name: str, field: Any = None) -> str:
        known = _EXTRA.get(field_name)
        return str(known[0]) if known else str(super().get_field_label(field_name, field))

    def get_field_display_value(self, field_name: str, field: Any = None) -> Any:
        known = _EXTRA.get(field_name)
        if known:
            return known[1](self.instance)
        return super().get_field_display_value(field_name, field)


class SubmissionPermissions(CompanyPermissions):
    """Only where there are meters: a fund of capital repair has no item in the menu either."""

    def user_can_list(self, user: Any) -> bool:
        company = current_company()
        has_meters = company is not None and company.kind == GasCompany.Kind.GAS
        return has_meters and bool(super().user_can_list(user))


class SubmissionSearch(DjangoORMSearchHandler):
    """Search that also knows an account's number by its letters and digits alone."""

    def search_queryset(self, queryset: Rows, search_term: str, **kwargs: Any) -> Rows:
        found: Rows = super().search_queryset(queryset, clean_text(search_term), **kwargs)
        for key in filter(None, account_keys(search_term)):
            found |= queryset.filter(account__number_key__contains=key)
        return found


class ReplacedFilter(SimpleListFilter):
    """Submissions with a meter that was replaced: the company has to enter the new one."""

    title = _("счётчик заменён")
    parameter_name = "replaced"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Да"))]

    def queryset(self, request: HttpRequest, queryset: Rows) -> Rows:
        if self.value() != "yes":
            return queryset
        return queryset.filter(pk__in=_REPLACED.values("submission"))


_REPLACED = SubmissionLine.objects.filter(lower_reason="replaced")


class SubmissionAdmin(CompanyAdmin):
    model = Submission
    permission_helper_class = SubmissionPermissions
    menu_label = _("Показания")
    menu_icon = "order"
    list_display = (
        *("spoken_number", "account", "taken_on", "channel", "received_at"),
        "new_meter",
    )
    list_filter = (ReplacedFilter, "channel", "taken_on")
    list_select_related = ("account",)
    search_fields = ("number", "account__account_number")
    search_handler_class = SubmissionSearch
    inspect_view_enabled = True
    inspect_view_class = SubmissionInspectView
    inspect_view_fields = (
        *("spoken_number", "account", "taken_on", "counts_for", "channel", "received_at"),
        *("readings", "photos"),
    )

    def get_queryset(self, request: HttpRequest) -> Rows:
        found: Rows = super().get_queryset(request)
        return found.prefetch_related(Prefetch("lines", queryset=_REPLACED, to_attr="replaced"))

    @display(description=_("новый счётчик"))
    def new_meter(self, submission: Any) -> str:
        """Return the numbers of new meters, as their senders typed them."""
        return ", ".join(
            line.new_serial_number or str(_("номер не указан")) for line in submission.replaced
        )


@company_only
@desk_view(VIEW, hidden=False)
def dial_photo(request: HttpRequest, photo_id: UUID) -> FileResponse:
    """Serve a photo to staff who may see submissions."""
    photo = DialPhoto.objects.filter(pk=photo_id).first()
    return upload_response(photo, name="dial.jpg")


def reading_home_items(request: HttpRequest) -> Iterator[Action]:
    """Offer the submitted readings on the admin's first page, where there are meters to read."""
    company = current_company()
    if company is None or company.kind != GasCompany.Kind.GAS:
        return
    if request.user.has_perm(VIEW):
        url = reverse("meters_submission_modeladmin_index")
        yield Action(title=_("Показания абонентов"), url=url, icon="order")

"""Working days in the central office: passed days stay, and what the portal came with is not deleted.

One admin is enough: a decree is published for everybody to compare, and the log has what a day was.
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from wagtail_modeladmin.helpers import PermissionHelper
from wagtail_modeladmin.views import CreateView, DeleteView, EditView

from portal.audit.changes import changes_between, row_values
from portal.audit.services import audit_write
from portal.desk.modeladmin import CentralAdmin
from portal.formats.dates import long_day
from tenants.legal.calendar_seed import is_seeded_day
from tenants.models import CalendarDay


class PassedDaysStay(PermissionHelper):
    def user_can_edit_obj(self, user: Any, obj: CalendarDay) -> bool:
        return obj.day > timezone.localdate() and bool(super().user_can_edit_obj(user, obj))

    def user_can_delete_obj(self, user: Any, obj: CalendarDay) -> bool:
        is_ours = obj.day > timezone.localdate() and not is_seeded_day(obj.day)
        return is_ours and bool(super().user_can_delete_obj(user, obj))


class DayCreateView(CreateView):
    @transaction.atomic
    def form_valid(self, form: Any) -> Any:
        response = super().form_valid(form)
        _log(self.request.user, "calendar.saved", form.instance, {}, row_values(form.instance))
        return response


class DayEditView(EditView):
    @transaction.atomic
    def form_valid(self, form: Any) -> Any:
        before = row_values(CalendarDay.objects.select_for_update().get(pk=form.instance.pk))
        response = super().form_valid(form)
        _log(self.request.user, "calendar.saved", form.instance, before, row_values(form.instance))
        return response


class DayDeleteView(DeleteView):
    def delete_instance(self) -> None:
        """Delete the day; the caller has begun a transaction."""
        _log(self.request.user, "calendar.deleted", self.instance, row_values(self.instance), {})
        super().delete_instance()


def _log(
    actor: Any, action: str, day: CalendarDay, before: dict[str, str], after: dict[str, str]
) -> None:
    changes = changes_between(before, after)
    audit_write(actor=actor, action=action, subject=day, changes=changes)


class CalendarDayAdmin(CentralAdmin):
    model = CalendarDay
    menu_label = _("Рабочие дни")
    menu_icon = "date"
    permission_helper_class = PassedDaysStay
    create_view_class = DayCreateView
    edit_view_class = DayEditView
    delete_view_class = DayDeleteView
    list_display = ("date", "weekday", "kind", "source")
    list_filter = ("kind",)
    search_fields = ("day", "source")

    def date(self, day: CalendarDay) -> str:
        return long_day(day.day)

    date.short_description = _("дата")  # type: ignore[attr-defined]
    date.admin_order_field = "day"  # type: ignore[attr-defined]

    def weekday(self, day: CalendarDay) -> str:
        return date_format(day.day, "l").lower()

    weekday.short_description = _("день недели")  # type: ignore[attr-defined]

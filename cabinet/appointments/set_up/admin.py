"""Services, desks and their absences in the admin of a company."""

from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter, display
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList

from cabinet.appointments.models import AppointmentService, Desk, DeskAbsence
from cabinet.appointments.set_up.checks import AbsenceForm, DeskForm, ServiceForm
from cms_pages.models import ServiceCentre
from portal.desk.modeladmin import CompanyAdmin, in_words


def _ticked(name: str) -> FieldPanel:
    return FieldPanel(name, widget=forms.CheckboxSelectMultiple)


def _clock(name: str, example: str) -> FieldPanel:
    widget = forms.TimeInput(format="%H:%M", attrs={"placeholder": example, "autocomplete": "off"})
    return FieldPanel(name, widget=widget)


class CentreFilter(SimpleListFilter):
    """Filter by the centre of a desk: Django's own filter by a relation needs its admin."""

    title, parameter_name, path = _("центр"), "centre", "centre"

    def lookups(self, request: Any, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(pk), name) for pk, name in ServiceCentre.objects.values_list("pk", "name")]

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value() or ""
        return queryset.filter(**{self.path: value}) if value.isdecimal() else queryset


class AbsenceCentreFilter(CentreFilter):
    path = "desk__centre"


class AppointmentServiceAdmin(CompanyAdmin):
    model = AppointmentService
    menu_label = _("Услуги приёма")
    menu_icon = "list-ul"
    add_to_settings_menu = True
    list_display = ("name", "lasts", "offered", "places", "order")
    list_filter = ("is_offered",)
    search_fields = ("name", "hint")
    ordering = ("order", "name")
    edit_handler = ObjectList(
        [
            FieldRowPanel([FieldPanel("name"), FieldPanel("order")]),
            FieldPanel("is_offered"),
            FieldPanel("minutes"),
            FieldPanel("hint", help_text=_("Кому выбирать эту услугу. Видно под её названием.")),
            FieldPanel("bring"),
            _ticked("centres"),
        ],
        base_form_class=ServiceForm,
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("centres")

    @display(description=_("длится, минут"), ordering="minutes")
    def lasts(self, service: Any) -> str:
        return str(service.minutes)

    @display(description=_("предлагать"), ordering="is_offered")
    def offered(self, service: Any) -> str:
        return in_words(service.is_offered)

    @display(description=_("где"))
    def places(self, service: Any) -> str:
        return ", ".join(one.name for one in service.centres.all()) or str(_("во всех центрах"))


class DeskAdmin(CompanyAdmin):
    model = Desk
    menu_label = _("Окна")
    menu_icon = "desktop"
    add_to_settings_menu = True
    list_display = ("name", "centre", "takes", "serves", "order")
    list_select_related = ("centre",)
    list_filter = (CentreFilter, "is_open")
    search_fields = ("name", "centre__name")
    ordering = ("centre__name", "order", "name")
    edit_handler = ObjectList(
        [
            FieldRowPanel(
                [FieldPanel("name"), FieldPanel("order", help_text=_("Чем меньше, тем выше."))]
            ),
            FieldPanel("centre"),
            FieldPanel("is_open"),
            _ticked("services"),
        ],
        base_form_class=DeskForm,
    )

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).prefetch_related("services")

    @display(description=_("принимает"), ordering="is_open")
    def takes(self, desk: Any) -> str:
        return in_words(desk.is_open)

    @display(description=_("услуги"))
    def serves(self, desk: Any) -> str:
        return ", ".join(one.name for one in desk.services.all()) or str(_("все"))


class DeskAbsenceAdmin(CompanyAdmin):
    model = DeskAbsence
    menu_label = _("Перерывы окон")
    menu_icon = "date"
    list_display = ("window", "first_day", "last_day", "hours", "reason")
    list_select_related = ("desk__centre",)
    empty_value_display = "—"
    list_filter = (AbsenceCentreFilter,)
    search_fields = ("desk__name", "desk__centre__name", "reason")
    ordering = ("-first_day",)
    edit_handler = ObjectList(
        [
            FieldPanel("desk"),
            FieldRowPanel(
                [FieldPanel("first_day"), FieldPanel("last_day")],
                heading=_("Дни"),
                help_text=_("Если окно не принимает один день, второе поле оставьте пустым."),
            ),
            FieldRowPanel(
                [_clock("from_time", "09:00"), _clock("to_time", "13:00")],
                heading=_("Часы"),
                help_text=_("Если окно не принимает весь день, оставьте оба поля пустыми."),
            ),
            FieldPanel("reason", help_text=_("Видят только сотрудники. Например: отпуск.")),
        ],
        base_form_class=AbsenceForm,
    )

    @display(description=_("окно"), ordering="desk__centre__name")
    def window(self, absence: Any) -> str:
        return f"{absence.desk.centre}, {absence.desk}"

    @display(description=_("часы"))
    def hours(self, absence: Any) -> str:
        if absence.from_time is None:
            return str(_("весь день"))
        return f"{absence.from_time:%H:%M}–{absence.to_time:%H:%M}"

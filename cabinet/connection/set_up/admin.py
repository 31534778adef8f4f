"""Equipment and the checklist of papers in the admin of a gas company."""

from typing import Any

from django.contrib.admin import display
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from cabinet.connection.models import EquipmentType, PaperType
from cabinet.connection.set_up.selectors import company_connects
from portal.desk.modeladmin import CompanyAdmin, CompanyPermissions, in_words
from portal.formats.numbers import plain_decimal


class GasPermissions(CompanyPermissions):
    """Only where gas is: a fund of capital repair connects nobody."""

    def user_has_specific_permission(self, user: Any, perm_codename: str) -> bool:
        return company_connects() and bool(
            super().user_has_specific_permission(user, perm_codename)
        )


class EquipmentTypeAdmin(CompanyAdmin):
    model = EquipmentType
    menu_label = _("Газовое оборудование")
    menu_icon = "cogs"
    add_to_settings_menu = True
    permission_helper_class = GasPermissions
    list_display = ("name", "burns", "offered", "order")
    list_filter = ("is_offered",)
    search_fields = ("name",)
    ordering = ("order", "name")
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("order")]),
        FieldPanel(
            "flow",
            help_text=_(
                "Сколько кубометров в час сжигает одна единица на полной мощности, по паспорту. Пусто — "
                "заявитель укажет мощность в кВт, и расход посчитаем по ней."
            ),
        ),
        FieldPanel("is_offered"),
    ]

    @display(description=_("расход, м³/ч"), ordering="flow")
    def burns(self, row: Any) -> str:
        return str(_("по мощности")) if row.flow is None else plain_decimal(row.flow)

    @display(description=_("предлагать"), ordering="is_offered")
    def offered(self, row: Any) -> str:
        return in_words(row.is_offered)


class PaperTypeAdmin(CompanyAdmin):
    model = PaperType
    menu_label = _("Документы к заявке")
    menu_icon = "doc-full"
    add_to_settings_menu = True
    permission_helper_class = GasPermissions
    list_display = ("name", "when", "required", "order")
    list_filter = ("when", "is_required")
    search_fields = ("name", "hint")
    ordering = ("order", "name")
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("order")]),
        FieldPanel("hint", help_text=_("Где взять документ и как он выглядит.")),
        FieldRowPanel(
            [
                FieldPanel("when"),
                FieldPanel(
                    "is_required", help_text=_("Без обязательного документа заявку не отправить.")
                ),
            ]
        ),
    ]

    @display(description=_("обязательный"), ordering="is_required")
    def required(self, row: Any) -> str:
        return in_words(row.is_required)

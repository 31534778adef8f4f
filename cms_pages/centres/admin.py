"""Service centres and districts in the admin of a company."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
)

from cms_pages.centres.models import District, ServiceCentre
from portal.desk.modeladmin import CompanyAdmin


def _clock(name: str) -> FieldPanel:
    """Return a panel for a typed time.

    Wagtail's pop-up covers the next field on a phone and closes late, and the browser's own field has AM
    and PM wherever its language has.
    """
    widget = forms.TimeInput(format="%H:%M", attrs={"placeholder": "09:00", "autocomplete": "off"})
    return FieldPanel(name, widget=widget)


SHIFT = [
    FieldRowPanel([_clock("opens"), _clock("closes")]),
    FieldRowPanel([_clock("break_from"), _clock("break_to")]),
]


class ServiceCentreAdmin(CompanyAdmin):
    model = ServiceCentre
    menu_label = _("Центры")
    menu_icon = "home"
    menu_order = 210
    list_display = ("name", "code", "district", "address")
    list_select_related = ("district",)
    search_fields = ("name", "code", "address")
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        MultiFieldPanel(
            [
                FieldPanel(
                    "district", help_text=_("Нет нужного — сначала добавьте его в меню «Районы».")
                ),
                FieldPanel("address", help_text=_("Город, улица, дом.")),
                FieldPanel("note"),
                HelpPanel(
                    _(
                        "Координаты — для ссылки на карту: щёлкните по зданию на Яндекс Картах и "
                        "перепишите два числа, например 57.8129 и 28.3076. Можно оставить пустыми."
                    )
                ),
                FieldRowPanel([FieldPanel("latitude"), FieldPanel("longitude")]),
            ],
            _("Где"),
        ),
        InlinePanel("phones", heading=_("Телефоны"), label=_("телефон")),
        FieldPanel("email"),
        InlinePanel(
            "hours",
            [
                FieldRowPanel([FieldPanel("first_day"), FieldPanel("last_day")]),
                FieldPanel("occurrence"),
                *SHIFT,
            ],
            heading=_("Часы работы"),
            label=_("время"),
            help_text=_(
                "Нижняя строка важнее верхней: «понедельник–пятница», а под ней «среда» с другим "
                "временем. Без времени — выходной."
            ),
        ),
        InlinePanel(
            "closures",
            [
                FieldRowPanel([FieldPanel("first_date"), FieldPanel("last_date")]),
                FieldPanel("reason"),
                *SHIFT,
            ],
            heading=_("Праздники и исключения"),
            label=_("исключение"),
            help_text=_("Важнее расписания. Без времени — закрыто."),
        ),
        FieldPanel("serves"),
        FieldPanel("services"),
    ]


class DistrictAdmin(CompanyAdmin):
    model = District
    menu_icon = "site"
    menu_order = 215
    search_fields = ("name",)

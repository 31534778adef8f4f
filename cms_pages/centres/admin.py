"""Service centres and districts in the admin of a company."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    InlinePanel,
    MultiFieldPanel,
    PublishingPanel,
)
from wagtail.snippets.views.snippets import DeleteView

from cms_pages.centres.models import District, ServiceCentre
from cms_pages.centres.usage import HELD, LIMIT, centre_usage
from cms_pages.review.admin import ReviewedViewSet
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


class CentreDeleteView(DeleteView):
    """Asks with all that names the centre in view."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        used = centre_usage(self.object)
        is_held = any(one.holds for one in used)
        return {**context, "used": used, "is_held": is_held, "held": HELD, "limit": LIMIT}


class ServiceCentreViewSet(ReviewedViewSet):
    model = ServiceCentre
    icon = "home"
    menu_label = _("Центры")
    menu_name = "service-centres"
    list_display = ["name", "code", "district", "address"]
    search_fields = ["name", "code", "address"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("code")]),
        MultiFieldPanel(
            [
                FieldPanel(
                    "district", help_text=_("Нет нужного — сначала добавьте его в меню «Районы».")
                ),
                FieldPanel("address", help_text=_("Город, улица, дом.")),
                FieldPanel("note"),
                FieldPanel("place"),
            ],
            _("Где"),
        ),
        InlinePanel(
            "phones",
            [FieldRowPanel([FieldPanel("which"), FieldPanel("number")]), FieldPanel("label")],
            heading=_("Телефоны"),
            label=_("телефон"),
        ),
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
        PublishingPanel(),
    ]

    delete_view_class = CentreDeleteView
    delete_template_name = "cms_pages/editing/centre_delete.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ServiceCentre]:
        return ServiceCentre.objects.select_related("district")


class DistrictAdmin(CompanyAdmin):
    model = District
    menu_icon = "site"
    search_fields = ("name",)

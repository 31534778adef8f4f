from django.urls import URLPattern, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail_modeladmin.options import modeladmin_register

from cabinet.appointments.desk.calling import to_call_lately
from cabinet.appointments.desk.rights import ICON, SEE_FIGURES, SERVE
from cabinet.appointments.desk.urls import urlpatterns
from cabinet.appointments.set_up.admin import (
    AppointmentServiceAdmin,
    DeskAbsenceAdmin,
    DeskAdmin,
)
from portal.desk.menu import CountedMenuItem, DeskMenuItem

modeladmin_register(AppointmentServiceAdmin)
modeladmin_register(DeskAdmin)
modeladmin_register(DeskAbsenceAdmin)


@hooks.register("register_admin_urls")  # type: ignore[untyped-decorator]
def appointments_desk_urls() -> list[URLPattern]:
    return urlpatterns


@hooks.register("register_admin_menu_item")  # type: ignore[untyped-decorator]
def appointments_menu_item() -> MenuItem:
    url = reverse_lazy("appointments_desk")
    return CountedMenuItem(
        SERVE,
        _("Приём"),
        url,
        waiting=to_call_lately,
        name="appointments",
        icon_name=ICON,
    )


@hooks.register("register_reports_menu_item")  # type: ignore[untyped-decorator]
def figures_menu_item() -> MenuItem:
    return DeskMenuItem(
        SEE_FIGURES,
        _("Сводка приёма"),
        reverse_lazy("appointments_figures"),
        icon_name="list-ol",
    )

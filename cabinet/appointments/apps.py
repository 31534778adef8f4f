from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppointmentsConfig(AppConfig):
    name = "cabinet.appointments"
    verbose_name = _("Запись на приём")

    def ready(self) -> None:
        from cabinet.appointments.actions import ACTION_TITLES, TITLES_OF_NOBODY
        from cabinet.appointments.contrib.local.queue import LocalQueue
        from cabinet.appointments.counters import (
            COUNTERS,
            appointments_open_said,
            zone_moves_appointments,
        )
        from cabinet.appointments.models import Appointment
        from cabinet.appointments.personal_data import PARTS
        from cabinet.appointments.registry import backend_register
        from cabinet.subscribers.personal_data.parts import parts_register
        from portal.audit.actions import action_titles_add
        from portal.audit.words import detail_words_add
        from tenants.events import obstacle_register, zone_effect_register
        from tenants.fleet import counter_register

        backend_register(LocalQueue)
        action_titles_add(ACTION_TITLES, of_nobody=TITLES_OF_NOBODY)
        detail_words_add("appointment.", dict(Appointment.State.choices), "state", "before")
        detail_words_add("appointment.", dict(Appointment.Source.choices), "source")
        parts_register(*PARTS)
        obstacle_register(appointments_open_said)
        zone_effect_register(zone_moves_appointments)
        for counter in COUNTERS:
            counter_register(counter)
        self._register_set_up()
        self._register_desk()

    def _register_set_up(self) -> None:
        from cabinet.appointments.set_up.copying import SERVICES
        from cabinet.appointments.set_up.defaults import services_create
        from portal.staff.roles import COMPANY_ADMINISTRATORS, OPERATORS, role_permissions_add
        from tenants.events import tenant_step
        from tenants.opening.copying import part_register

        tenant_step(services_create)
        part_register(SERVICES)
        verbs = ("add", "change", "delete", "view")
        for model in ("appointmentservice", "desk"):
            role_permissions_add(
                COMPANY_ADMINISTRATORS, *(f"appointments.{verb}_{model}" for verb in verbs)
            )
        role_permissions_add(COMPANY_ADMINISTRATORS, "appointments.change_appointmentsettings")
        role_permissions_add(OPERATORS, *(f"appointments.{verb}_deskabsence" for verb in verbs))

    def _register_desk(self) -> None:
        from cabinet.appointments.desk.home import appointments_home_items, hours_saved
        from cabinet.appointments.desk.rights import SEE_FIGURES, SERVE
        from cabinet.appointments.models import AppointmentService, Desk, DeskAbsence
        from cms_pages.models import ServiceCentre
        from portal.desk.modeladmin import saved_by_staff
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import COMPANY_ADMINISTRATORS, OPERATORS, role_permissions_add

        role_permissions_add(OPERATORS, SERVE, SEE_FIGURES)
        role_permissions_add(COMPANY_ADMINISTRATORS, SEE_FIGURES)
        admin_home_items_add(appointments_home_items)
        for model in (ServiceCentre, Desk, DeskAbsence, AppointmentService):
            saved_by_staff.connect(hours_saved, sender=model)

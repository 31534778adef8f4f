from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionConfig(AppConfig):
    name = "cabinet.connection"
    verbose_name = _("Технологическое присоединение")

    def ready(self) -> None:
        from cabinet.connection.actions import ACTION_TITLES, TITLES_OF_NOBODY
        from cabinet.connection.counters import COUNTERS, applications_open_said
        from cabinet.connection.models import ConnectionApplication
        from cabinet.connection.personal_data import PARTS
        from cabinet.subscribers.personal_data.parts import parts_register
        from portal.audit.actions import action_titles_add
        from portal.audit.words import detail_words_add
        from tenants.events import obstacle_register
        from tenants.fleet import counter_register

        action_titles_add(ACTION_TITLES, of_nobody=TITLES_OF_NOBODY)
        states = dict(ConnectionApplication.State.choices)
        detail_words_add("connection.", states, "state", "before", "state_before")
        parts_register(*PARTS)
        obstacle_register(applications_open_said)
        for counter in COUNTERS:
            counter_register(counter)
        self._register_set_up()
        self._register_desk()
        self._register_section()

    def _register_section(self) -> None:
        from cabinet.navigation import PersonSection, section_register
        from tenants.models import GasCompany

        section_register(
            PersonSection(
                str(_("Технологическое присоединение")),
                "flame",
                "connection:start",
                frozenset({str(GasCompany.Kind.GAS)}),
                order=70,
            )
        )

    def _register_set_up(self) -> None:
        from cabinet.connection.set_up.defaults import connection_create
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add
        from tenants.events import tenant_step

        tenant_step(connection_create)
        verbs = ("add", "change", "delete", "view")
        role_permissions_add(
            COMPANY_ADMINISTRATORS,
            "connection.change_connectionsettings",
            *(
                f"connection.{verb}_{model}"
                for model in ("equipmenttype", "papertype")
                for verb in verbs
            ),
        )

    def _register_desk(self) -> None:
        from cabinet.connection.desk.queue import connection_home_items
        from cabinet.connection.desk.rights import SERVE
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import OPERATORS, role_permissions_add

        role_permissions_add(OPERATORS, SERVE)
        admin_home_items_add(connection_home_items)

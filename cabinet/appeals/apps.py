from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppealsConfig(AppConfig):
    name = "cabinet.appeals"
    verbose_name = _("Обращения")

    def ready(self) -> None:
        from cabinet.appeals.actions import ACTION_TITLES, TITLES_OF_NOBODY
        from cabinet.appeals.counters import COUNTERS, MONTHLY
        from cabinet.appeals.models import Appeal
        from cabinet.appeals.personal_data import PARTS
        from cabinet.appeals.site_form import site_form_received
        from cabinet.subscribers.personal_data.parts import parts_register
        from cms_pages.pages.form_answers import form_submitted
        from portal.audit.actions import action_titles_add
        from portal.audit.words import detail_words_add
        from tenants.fleet import counter_register
        from tenants.office.months import monthly_register

        for counter in COUNTERS:
            counter_register(counter)
        monthly_register(MONTHLY)
        action_titles_add(ACTION_TITLES, of_nobody=TITLES_OF_NOBODY)
        detail_words_add("appeal.", dict(Appeal.State.choices), "state", "before")
        detail_words_add("appeal.", dict(Appeal.Source.choices), "source")
        parts_register(*PARTS)
        form_submitted.connect(site_form_received, dispatch_uid="cabinet.appeals.site_form")
        self._register_sections()
        self._register_kinds()
        self._register_incidents()
        self._register_desk()

    def _register_kinds(self) -> None:
        from cabinet.appeals.kinds.copying import KINDS
        from cabinet.appeals.kinds.defaults import kinds_create
        from portal.staff.roles import COMPANY_ADMINISTRATORS, role_permissions_add
        from tenants.events import tenant_step
        from tenants.opening.copying import part_register

        tenant_step(kinds_create)
        part_register(KINDS)
        set_up = ("appealkind", "cannedanswer")
        verbs = ("add", "change", "delete", "view")
        role_permissions_add(
            COMPANY_ADMINISTRATORS,
            "appeals.see_appeal_figures",
            *(f"appeals.{verb}_{model}" for model in set_up for verb in verbs),
        )

    def _register_desk(self) -> None:
        from cabinet.appeals.desk.queue import appeals_home_items
        from cabinet.appeals.desk.rights import SERVE
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import OPERATORS, role_permissions_add

        role_permissions_add(OPERATORS, SERVE)
        admin_home_items_add(appeals_home_items)

    def _register_sections(self) -> None:
        from cabinet.appeals.centre.selectors import appeals_unread
        from cabinet.navigation import Section, section_register
        from tenants.models import GasCompany

        section_register(
            Section(
                str(_("Центр обслуживания")),
                "centre",
                "appeals:centre",
                frozenset({str(GasCompany.Kind.GAS)}),
                order=60,
                news=appeals_unread,
            )
        )

    def _register_incidents(self) -> None:
        from django.db.models.signals import m2m_changed, post_delete, post_save

        from cabinet.appeals.centre.desk import incident_home_items
        from cabinet.appeals.centre.incidents import incident_notices, incidents_changed
        from cabinet.appeals.centre.responsible import firms_rename, responsibilities_create
        from cabinet.appeals.centre.services import FINISHED
        from cabinet.appeals.models import Incident, Responsibility
        from cms_pages.notices import notices_asked
        from portal.audit.actions import action_titles_add
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import (
            COMPANY_ADMINISTRATORS,
            EDITORS,
            OPERATORS,
            role_permissions_add,
        )
        from tenants.events import company_changed, tenant_step

        verbs = ("add", "change", "delete", "view")
        for role in (OPERATORS, EDITORS, COMPANY_ADMINISTRATORS):
            role_permissions_add(role, *(f"appeals.{verb}_incident" for verb in verbs))
        for role in (EDITORS, COMPANY_ADMINISTRATORS):
            role_permissions_add(role, *(f"appeals.{verb}_responsibility" for verb in verbs))
        tenant_step(responsibilities_create)
        company_changed.connect(firms_rename, dispatch_uid="the company's name in appeals")
        action_titles_add({FINISHED: _("закончил аварию или работы")})
        admin_home_items_add(incident_home_items)
        notices_asked.connect(incident_notices, dispatch_uid="cabinet.appeals")
        for saved in (post_save, post_delete):
            saved.connect(incidents_changed, sender=Incident)
            saved.connect(incidents_changed, sender=Responsibility)
        for places in (Incident.districts.through, Incident.centres.through):
            m2m_changed.connect(incidents_changed, sender=places)

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppealsConfig(AppConfig):
    name = "cabinet.appeals"
    verbose_name = _("Обращения")

    def ready(self) -> None:
        from cabinet.appeals.site_form import site_form_received
        from cms_pages.pages.form_answers import form_submitted

        form_submitted.connect(site_form_received, dispatch_uid="cabinet.appeals.site_form")
        self._register_sections()

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

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AppealsConfig(AppConfig):
    name = "cabinet.appeals"
    verbose_name = _("Обращения")

    def ready(self) -> None:
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

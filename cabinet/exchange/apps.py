from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ExchangeConfig(AppConfig):
    name = "cabinet.exchange"
    verbose_name = "Обмен с биллингом"

    def ready(self) -> None:
        from cabinet.exchange.desk.panels import ACCOUNTS_CAME, exchange_home_items
        from cabinet.exchange.models import Scope
        from cabinet.exchange.selectors import (
            last_package_at,
            package_late_since,
            packages_failed_lately,
        )
        from portal.audit.actions import action_titles_add
        from portal.audit.words import detail_words_add
        from portal.staff.admin_home_items import admin_home_items_add
        from portal.staff.roles import COMPANY_ADMINISTRATORS, OPERATORS, role_permissions_add
        from tenants.fleet import Counter, counter_register
        from tenants.opening.checks import opening_check_register

        packages = "exchange_packages"
        counter_register(
            Counter("package", "Последний пакет", last_package_at, order=60, rows=packages)
        )
        counter_register(
            Counter(
                "package_late",
                "Пакет не\u00a0пришёл к\u00a0обычному дню, ждём с",
                package_late_since,
                order=60,
                alarm=True,
                rows=packages,
            )
        )
        counter_register(
            Counter(
                "packages_failed",
                "Не загрузилось пакетов за неделю",
                packages_failed_lately,
                order=61,
                alarm=True,
                rows=packages,
            )
        )
        role_permissions_add(OPERATORS, "exchange.view_package", "exchange.add_package")
        admin_home_items_add(exchange_home_items)
        opening_check_register(ACCOUNTS_CAME)
        role_permissions_add(COMPANY_ADMINISTRATORS, "exchange.manage_keys")
        action_titles_add(
            {
                "exchange.key_create": _("создал ключ обмена"),
                "exchange.key_revoke": _("отозвал ключ обмена"),
                "exchange.package_send": _("загрузил пакет биллинга вручную"),
                "exchange.package_check": _("проверил пакет биллинга, не\u00a0загружая"),
                "exchange.package_done": _("закончил загрузку пакета"),
                "exchange.package_retry": _("повторил загрузку пакета"),
                "exchange.package_mass_close": _("разрешил пакету закрыть много счетов"),
            }
        )
        detail_words_add("exchange.key_create", dict(Scope.choices), "scopes")

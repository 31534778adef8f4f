from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "cabinet.exchange"
    verbose_name = "Обмен с биллингом"

    def ready(self) -> None:
        from cabinet.exchange.selectors import last_package_at, packages_stuck
        from tenants.fleet import Counter, counter_register

        counter_register(Counter("package", "Последний пакет", last_package_at, order=60))
        counter_register(
            Counter("packages_stuck", "Непринятых пакетов", packages_stuck, order=65, alarm=True)
        )

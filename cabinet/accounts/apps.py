from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cabinet.accounts"
    verbose_name = "Лицевые счета"

    def ready(self) -> None:
        from cabinet.accounts.personal_data import PARTS
        from cabinet.accounts.selectors import accounts_open
        from cabinet.subscribers.personal_data.parts import parts_register
        from tenants.fleet import Counter, counter_register

        counter_register(Counter("accounts", "Лицевых счетов", accounts_open, order=10, chart=True))
        parts_register(*PARTS)

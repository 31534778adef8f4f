from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cabinet.accounts"
    verbose_name = "Лицевые счета"

    def ready(self) -> None:
        from cabinet.accounts.access import frame_context, menu_of_last
        from cabinet.accounts.personal_data import account_part_register
        from cabinet.accounts.selectors import accounts_open
        from cabinet.subscribers.frame import frame_register
        from tenants.fleet import Counter, counter_register

        counter_register(Counter("accounts", "Лицевых счетов", accounts_open, order=10, chart=True))
        account_part_register()
        frame_register(frame_context)
        frame_register(menu_of_last)

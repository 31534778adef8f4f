from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "cabinet.accounts"
    verbose_name = "Лицевые счета"

from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "cabinet.billing"
    verbose_name = "Начисления и баланс"

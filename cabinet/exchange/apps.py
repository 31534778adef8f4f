from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    name = "cabinet.exchange"
    verbose_name = "Обмен с биллингом"

from django.apps import AppConfig


class OutgoingConfig(AppConfig):
    name = "cabinet.outgoing"
    verbose_name = "Данные для биллинга"

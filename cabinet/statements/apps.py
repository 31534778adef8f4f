from django.apps import AppConfig


class StatementsConfig(AppConfig):
    name = "cabinet.statements"
    verbose_name = "Выписки и справки"

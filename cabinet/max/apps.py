from django.apps import AppConfig


class MaxConfig(AppConfig):
    name = "cabinet.max"
    verbose_name = "Мессенджер MAX"

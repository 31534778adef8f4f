from django.apps import AppConfig


class SubscribersConfig(AppConfig):
    name = "cabinet.subscribers"
    verbose_name = "Абоненты"

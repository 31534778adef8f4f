from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "cabinet.notifications"
    verbose_name = "Уведомления"

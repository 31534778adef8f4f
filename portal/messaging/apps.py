from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "portal.messaging"
    verbose_name = "Сообщения"

from django.apps import AppConfig


class MaxConfig(AppConfig):
    name = "cabinet.max"
    verbose_name = "Мессенджер MAX"

    def ready(self) -> None:
        from cabinet.max.sender import MaxSender
        from portal.messaging.registry import sender_register

        sender_register(MaxSender())

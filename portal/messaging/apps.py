from django.apps import AppConfig


class MessagingConfig(AppConfig):
    name = "portal.messaging"
    verbose_name = "Сообщения"

    def ready(self) -> None:
        from portal.messaging.contrib.demo_sms.sender import DemoSmsSender
        from portal.messaging.contrib.smsaero.sender import SmsAeroSender
        from portal.messaging.contrib.smtp.sender import SmtpSender
        from portal.messaging.registry import sender_register

        sender_register(SmtpSender())
        sender_register(DemoSmsSender())
        sender_register(SmsAeroSender())

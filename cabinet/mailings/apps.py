from django.apps import AppConfig


class MailingsConfig(AppConfig):
    name = "cabinet.mailings"
    verbose_name = "Рассылки"

    def ready(self) -> None:
        from cabinet.mailings.page import receipt_switches
        from cabinet.mailings.personal_data import mailing_part_register
        from cabinet.subscribers.settings.subscription_parts import (
            SubscriptionPart,
            subscription_part_register,
        )

        subscription_part_register(
            SubscriptionPart("cabinet/mailings/subscriptions.html", receipt_switches, order=10)
        )
        mailing_part_register()

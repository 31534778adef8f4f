from django.apps import AppConfig


class SubscriptionsConfig(AppConfig):
    name = "cabinet.subscriptions"
    verbose_name = "Подписки"

    def ready(self) -> None:
        from wagtail.signals import page_published

        from cabinet.subscribers.notify import person_notified
        from cabinet.subscribers.personal_data.parts import parts_register
        from cabinet.subscriptions.mailings.desk import RUN, STOP
        from cabinet.subscriptions.mailings.news import news_published
        from cabinet.subscriptions.personal_data import PARTS
        from cabinet.subscriptions.services import contact_change_note, refusal_note
        from cabinet.subscriptions.wordings import NEWS_PUBLISHED, READINGS_REMINDER
        from portal.audit.actions import action_titles_add
        from portal.messaging.events import message_refused
        from portal.messaging.wording import wording_register
        from portal.staff.roles import (
            COMPANY_ADMINISTRATORS,
            EDITORS,
            MODERATORS,
            OPERATORS,
            role_permissions_add,
        )

        parts_register(*PARTS)
        wording_register(READINGS_REMINDER)
        wording_register(NEWS_PUBLISHED)
        page_published.connect(news_published)
        role_permissions_add(
            COMPANY_ADMINISTRATORS,
            "subscriptions.change_remindersettings",
            "subscriptions.change_mailingsettings",
        )
        for role in (EDITORS, MODERATORS, OPERATORS):
            role_permissions_add(role, STOP)
        role_permissions_add(OPERATORS, RUN)
        action_titles_add(
            {
                "mailing.begin": "начал рассылку",
                "mailing.stop": "остановил рассылку",
                "mailing.withdraw": "отменил неотправленные сообщения рассылки",
                "mailing.continue": "продолжил рассылку",
            }
        )
        message_refused.connect(refusal_note, dispatch_uid="cabinet.subscriptions")
        person_notified.connect(contact_change_note, dispatch_uid="cabinet.subscriptions")

from cabinet.subscriptions.models.mailing import Mailing
from cabinet.subscriptions.models.settings import (
    MailingSettings,
    ReminderSettings,
    days_of,
    validate_days,
)
from cabinet.subscriptions.models.subscription import Subscription

__all__ = [
    "Mailing",
    "MailingSettings",
    "ReminderSettings",
    "Subscription",
    "days_of",
    "validate_days",
]

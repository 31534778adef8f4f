from cabinet.subscribers.models.consent import Consent, ConsentText
from cabinet.subscribers.models.link import AccountLink
from cabinet.subscribers.models.login import KeptForm, LoginPass
from cabinet.subscribers.models.registration import PendingRegistration
from cabinet.subscribers.models.session import SubscriberSession
from cabinet.subscribers.models.subscriber import Subscriber

__all__ = [
    "AccountLink",
    "Consent",
    "ConsentText",
    "KeptForm",
    "LoginPass",
    "PendingRegistration",
    "Subscriber",
    "SubscriberSession",
]

from cabinet.subscribers.models.change import ContactChange
from cabinet.subscribers.models.consent import Consent, ConsentText
from cabinet.subscribers.models.handoff import SubscriberHandOff
from cabinet.subscribers.models.link import AccountLink
from cabinet.subscribers.models.login import KeptForm, LoginPass
from cabinet.subscribers.models.person_job import PersonJob, PersonJobStep
from cabinet.subscribers.models.recovery import RecoveryRequest, TemporaryPassword
from cabinet.subscribers.models.registration import PendingRegistration
from cabinet.subscribers.models.session import SubscriberSession
from cabinet.subscribers.models.subscriber import Subscriber

__all__ = [
    "AccountLink",
    "Consent",
    "ConsentText",
    "ContactChange",
    "KeptForm",
    "LoginPass",
    "PendingRegistration",
    "PersonJob",
    "PersonJobStep",
    "RecoveryRequest",
    "Subscriber",
    "SubscriberHandOff",
    "SubscriberSession",
    "TemporaryPassword",
]

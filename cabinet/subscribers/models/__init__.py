from cabinet.subscribers.models.consent import Consent, ConsentText
from cabinet.subscribers.models.contact_change import ContactChange
from cabinet.subscribers.models.delegation import Delegation, DelegationEvent
from cabinet.subscribers.models.entry import (
    LoginUnlockLink,
    PendingRegistration,
    RecoveryRequest,
    TemporaryPassword,
)
from cabinet.subscribers.models.linking import LinkingDraft
from cabinet.subscribers.models.notification import NotificationWay, UnreadCount
from cabinet.subscribers.models.person_job import PersonJob, PersonJobStep
from cabinet.subscribers.models.session import SavedForm, SubscriberHandOff, SubscriberSession
from cabinet.subscribers.models.subscriber import AccountLink, AccountLinkQuerySet, Subscriber

__all__ = [
    "AccountLink",
    "AccountLinkQuerySet",
    "Consent",
    "ConsentText",
    "ContactChange",
    "Delegation",
    "DelegationEvent",
    "LinkingDraft",
    "LoginUnlockLink",
    "NotificationWay",
    "PendingRegistration",
    "PersonJob",
    "PersonJobStep",
    "RecoveryRequest",
    "SavedForm",
    "Subscriber",
    "SubscriberHandOff",
    "SubscriberSession",
    "TemporaryPassword",
    "UnreadCount",
]

from django.db.models import QuerySet

from cabinet.subscribers.models import Consent, Subscriber


def consents_of(subscriber: Subscriber) -> QuerySet[Consent]:
    """All that the person has agreed to, withdrawn ones too, latest first; `text` is fetched along."""
    return subscriber.consents.select_related("text").order_by("-given_at", "pk")

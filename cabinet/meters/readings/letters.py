"""Letters about readings: to their sender, and to the holders of the account who did not send them."""

from collections.abc import Collection
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from limits import RateLimitItemPerDay

from cabinet.meters.models import Submission
from cabinet.meters.readings.acknowledgement import acknowledgement_of
from cabinet.subscribers.models import AccountLink, AccountLinkQuerySet
from cabinet.subscribers.notify import subscriber_notify
from cms_pages.selectors import company_phone
from portal.limits import RateLimit
from tenants.models import GasCompany
from tenants.selectors import current_company

# What strangers can make a company pay for.
_SMS = RateLimit("readings:sms", RateLimitItemPerDay(1000))
# One holder cannot fill another's mailbox by correcting all day.
REPLACEMENTS = RateLimit("readings:replaced", RateLimitItemPerDay(5))


def sender_notify(submission: Submission) -> None:
    """Send the acknowledgement to the person by e-mail, if there is an address.

    A mailbox is read by others too: number of the account and whole number of the meter are a proof.
    """
    company = current_company()
    if submission.subscriber_id is None or company is None:
        return
    link = _links(submission, company).filter(subscriber=submission.subscriber_id).first()
    if link is None or not link.subscriber.email:
        return  # not by SMS: the page has shown it, and each one costs
    path = reverse("meters:acknowledgement", args=[link.pk, submission.number])
    subscriber_notify(
        subscriber=link.subscriber,
        kind="readings_received",
        account_number=link.account_number,
        context={
            "acknowledgement": acknowledgement_of(submission, masked=True),
            "company_name": company.name,
            "phone": company_phone(),
            "url": f"{company.url}{path}",
        },
    )


def holders_notify(
    submission: Submission, *, is_counted: bool, first_senders: Collection[UUID]
) -> None:
    """Write to every holder but the sender, about the first submission of a guest or a holder that day.

    `first_senders`, whose own reading of the day it has replaced, hear of it each time, a few times a day.
    By e-mail, or by SMS as far as the company's day allows. `is_counted` is False for a guest's beside which
    another reading stands. To be called after the readings are written: their rows make two submissions at
    once wait for each other, so that the second sees the first.
    """
    company = current_company()
    if company is None:
        return
    links = _links(submission, company).holders().filter(unconfirmed_since=None)
    links = links.exclude(subscriber=submission.subscriber_id)
    if _is_repeated(submission):
        links = links.filter(subscriber__in=first_senders)
    context = {
        "acknowledgement": acknowledgement_of(submission, masked=True),
        "channel": submission.channel,
        "is_counted": is_counted,
        "company_name": company.name,
        "phone": company_phone(),
    }
    for link in links:
        is_first_sender = link.subscriber_id in first_senders
        if not _is_within_limits(link, company, is_first_sender=is_first_sender):
            continue
        url = f"{company.url}{reverse('meters:readings', args=[link.pk])}"
        subscriber_notify(
            subscriber=link.subscriber,
            kind="readings_sent_by_other",
            account_number=link.account_number,
            context={**context, "is_first_sender": is_first_sender, "url": url},
        )


def _is_within_limits(link: AccountLink, company: GasCompany, *, is_first_sender: bool) -> bool:
    key = f"{company.schema_name}:{link.pk}"
    if is_first_sender and not REPLACEMENTS.try_spend(key, when_down=True):
        return False
    return bool(link.subscriber.email) or _SMS.try_spend(company.schema_name, when_down=False)


def _links(submission: Submission, company: GasCompany) -> AccountLinkQuerySet:
    """Return the links of the account, of delegates too: one of them may have sent."""
    links = AccountLink.objects.in_force().filter(company=company)
    return links.filter(account_number=submission.account.account_number).select_related(
        "subscriber"
    )


def _is_repeated(submission: Submission) -> bool:
    """Return whether this sender, or any other guest, has sent for the account on this day before."""
    received = timezone.localtime(submission.received_at)
    midnight = received.replace(hour=0, minute=0, second=0, microsecond=0)
    return (
        Submission.objects.filter(
            account=submission.account_id,
            channel=submission.channel,
            subscriber_id=submission.subscriber_id,
            received_at__gte=midnight,
        )
        .exclude(pk=submission.pk)
        .exists()
    )

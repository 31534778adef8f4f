"""Letters about readings: to their sender, and to the holders of the account who did not send them."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from limits import RateLimitItemPerDay

from cabinet.meters.models import Submission
from cabinet.meters.readings.acknowledgement import Acknowledgement, acknowledgement_of
from cabinet.notifications.services import Notice, notify_many
from cabinet.subscribers.models import AccountLink, AccountLinkQuerySet
from cms_pages.selectors import company_phone
from portal.formats.numbers import cubic_metres
from portal.limits import RateLimit
from tenants.models import GasCompany
from tenants.selectors import current_company

# What strangers can make a company pay for.
SMS = RateLimit("readings:sms", RateLimitItemPerDay(1000))
# One holder cannot fill another's mailbox by correcting all day.
REPLACEMENTS = RateLimit("readings:replaced", RateLimitItemPerDay(5))


def submission_notify(
    submission: Submission, *, is_counted: bool, first_senders: Collection[UUID]
) -> None:
    """Tell the sender, and every holder but him, what has arrived: by the bell and by their ways.

    `first_senders`: whose own reading of the day it has replaced. `is_counted` is False for a guest's beside
    which another reading stands. To be called after the readings are written: their rows make two submissions
    at once wait for each other, so that the second sees the first.
    """
    company = current_company()
    if company is None:
        return
    acknowledgement = acknowledgement_of(submission, masked=True)
    context = {
        "acknowledgement": acknowledgement,
        "company_name": company.name,
        "phone": company_phone(),
    }
    # In one call, which takes all the counts of unread ones in one order.
    notify_many(
        [
            *_to_sender(submission, company, context),
            *_to_holders(submission, company, context, first_senders, is_counted=is_counted),
        ]
    )


def _to_sender(
    submission: Submission, company: GasCompany, context: dict[str, Any]
) -> Iterable[Notice]:
    """Return the acknowledgement. Not by SMS: the page has shown it, and each one costs.

    A mailbox is read by others too: number of the account and whole number of the meter are a proof.
    """
    if submission.subscriber_id is None:
        return
    link = _links(submission, company).filter(subscriber=submission.subscriber_id).first()
    if link is None:
        return
    path = reverse("meters:acknowledgement", args=[link.pk, submission.number])
    is_overdue = context["acknowledgement"].is_overdue
    yield Notice(
        subscriber=link.subscriber,
        kind="readings_received",
        title=_("Показания получены") if is_overdue else _("Показания приняты"),
        text=_shown(context["acknowledgement"]),
        path=path,
        account=submission.account,
        context={**context, "url": f"{company.url}{path}"},
    )


def _to_holders(
    submission: Submission,
    company: GasCompany,
    context: dict[str, Any],
    first_senders: Collection[UUID],
    *,
    is_counted: bool,
) -> Iterable[Notice]:
    """Return what holders hear of the first submission of a guest or a holder that day.

    Those whose reading it has replaced hear of it each time, a few times a day. By SMS as far as the
    company's day allows.
    """
    links = _links(submission, company).holders().filter(unconfirmed_since=None)
    links = links.exclude(subscriber=submission.subscriber_id)
    if _is_repeated(submission):
        links = links.filter(subscriber__in=first_senders)
    for link in links:
        is_first_sender = link.subscriber_id in first_senders
        key = f"{company.schema_name}:{link.pk}"
        if is_first_sender and not REPLACEMENTS.try_spend(key, when_down=True):
            continue
        path = reverse("meters:readings", args=[link.pk])
        yield Notice(
            subscriber=link.subscriber,
            kind="readings_sent_by_other",
            title=_("Ваше показание заменили")
            if is_first_sender
            else _("Показания передали не из вашего кабинета"),
            text=_shown(context["acknowledgement"]),
            path=path,
            account=submission.account,
            may_sms=lambda: SMS.try_spend(company.schema_name, when_down=False),
            context={
                **context,
                "channel": submission.channel,
                "is_counted": is_counted,
                "is_first_sender": is_first_sender,
                "url": f"{company.url}{path}",
            },
        )


def _shown(acknowledgement: Acknowledgement) -> str:
    """Return `ВК Арзамас G4T, счётчик № …6852: 1 905 м³` for each meter."""
    return "; ".join(
        _("%(model)s, счётчик №\u00a0%(number)s: %(value)s")
        % {"model": one.model, "number": one.number, "value": cubic_metres(one.value)}
        for one in acknowledgement.readings
    )


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

"""Applications of somebody who is logged in, for an account of any company: sent, and found again."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from limits import RateLimitItemPerDay

from cabinet.accounts.applications.services import (
    AlreadyWaiting,
    application_store,
    registration_settings,
)
from cabinet.accounts.delegates.services import link_by_delegate
from cabinet.accounts.links.services import AlreadyLinked
from cabinet.accounts.models import Application
from cabinet.accounts.selectors import account_named
from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.models import Subscriber
from cabinet.subscribers.sessions import SessionRefused, subscriber_lock
from cms_pages.selectors import company_phone
from portal.formats.text import number_key
from portal.http.addresses import RequestOrigin
from portal.limits import RateLimit
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import companies_served, company_can_serve

# A person has a few accounts; an operator reads each application.
person_applications = RateLimit("application-person", RateLimitItemPerDay(5))
_SHOWN = 10


class TooManyApplications(Exception):
    """The person has sent today as many as an operator is asked to read."""


@dataclass(frozen=True)
class OwnApplication:
    """An application of a person, with its company and what the company promises."""

    application: Application
    company: GasCompany
    review_days: int
    phone: dict[str, str] | None


def application_apply(
    *,
    subscriber: Subscriber,
    company: GasCompany,
    region: str,
    fields: dict[str, Any],
    consent: Document | None,
    origin: RequestOrigin,
) -> Application:
    """Submit an application of a logged-in person to the operators of a company, with the consent if asked.

    `fields`: those of the row, as they were typed. Whether there is such an account is not said. A former
    delegate's is marked, and the holders are told. Raises AlreadyWaiting, AlreadyLinked,
    TooManyApplications and CountersDown.
    """
    with in_company(company), transaction.atomic():
        person = subscriber_lock(subscriber.pk)
        if person is None:
            raise SessionRefused
        account = account_named(fields["account_number"])
        number = account.account_number if account else ""
        _assert_new(person, company, fields["account_number"], number)
        if not person_applications.spend(str(person.pk)):
            raise TooManyApplications
        was_delegate = bool(number) and link_by_delegate(
            subscriber=person, company=company, number=number
        )
        application = application_store(
            **fields,
            subscriber_id=person.pk,
            email=person.email or "",
            region=region,
            state=Application.State.WAITING,
            reason=Application.Reason.DELEGATE if was_delegate else Application.Reason.NO_PROOF,
        )
        if consent:
            consents_give(subscriber=person, documents=[consent], company=company, origin=origin)
    return application


def _assert_new(person: Subscriber, company: GasCompany, typed: str, number: str) -> None:
    if number and person.account_links.holders_of(company, number).filter(unconfirmed_since=None):
        raise AlreadyLinked
    if waiting := _waiting(person, typed):
        raise AlreadyWaiting(waiting)


def _waiting(person: Subscriber, typed: str) -> Application | None:
    waiting = Application.objects.filter(
        state=Application.State.WAITING, subscriber_id=person.pk, number_key=number_key(typed)
    )
    return waiting.first()


def application_own(
    subscriber: Subscriber, schema_name: str, application_id: UUID
) -> OwnApplication | None:
    """Return a person's application to a company; None for anybody else's, or while it cannot be asked."""
    company = companies_served().filter(schema_name=schema_name).first()
    found = _of_company(subscriber, company, Q(pk=application_id)) if company else []
    return found[0] if found else None


def applications_own(subscriber: Subscriber) -> list[OwnApplication]:
    """Return the person's applications to all companies, those that wait first, then the newest.

    Asked are the companies that have a consent of the person: without one nobody applies.
    """
    companies = companies_served().filter(pk__in=subscriber.consents.values("company"))
    found = [one for company in companies for one in _of_company(subscriber, company, Q())]
    waits = Application.State.WAITING
    found.sort(key=lambda one: one.application.created_at, reverse=True)
    found.sort(key=lambda one: one.application.state != waits)
    return found[:_SHOWN]


def _of_company(subscriber: Subscriber, company: GasCompany, which: Q) -> list[OwnApplication]:
    if not company_can_serve(company):
        return []
    with in_company(company):
        mine = Application.objects.filter(which, subscriber_id=subscriber.pk)
        rows = list(mine.order_by("-created_at", "pk")[:_SHOWN])
        if not rows:
            return []
        days, phone = registration_settings().review_days, company_phone()
        return [OwnApplication(row, company, days, phone) for row in rows]

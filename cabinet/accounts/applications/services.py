"""Applications of people without a cabinet: stored, confirmed by a letter, forgotten in time."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.models import Application, RegistrationSettings
from cabinet.subscribers.consents.documents import Document
from cabinet.subscribers.consents.services import consents_give
from cabinet.subscribers.entry.registration import ResendTooSoon, wait_after
from cabinet.subscribers.models import Consent
from portal.http.addresses import RequestOrigin
from portal.messaging.services import message_send
from portal.secrets import new_secret, random_number, secret_hash
from tenants.models import GasCompany

LINK_DAYS = 3
# Who was refused can ask why, and apply again with the operator seeing both; after that nothing needs it.
REFUSED_STORED_FOR = datetime.timedelta(days=180)


class LinkExpired(Exception):
    """The letter's link is unknown, replaced by a newer one, or too old."""


class AlreadyWaiting(Exception):
    """The same person's application for this account waits for the operator."""

    def __init__(self, waiting: Application) -> None:
        super().__init__(str(waiting.pk))
        self.waiting = waiting


def registration_settings() -> RegistrationSettings:
    """Return those of the company whose schema is entered; the defaults where none were saved."""
    stored = RegistrationSettings.objects.filter(site__is_default_site=True).first()
    return stored or RegistrationSettings()


def application_address(sender: Any = None, **_: Any) -> str:
    """Return the form's address where people register by it (a receiver of `registration_asked`)."""
    return reverse("accounts:application") if registration_settings().by_application else ""


def application_store(**fields: Any) -> Application:
    """Store an application under a number of its own."""
    application = Application(**fields)
    while True:
        application.number = random_number()
        if not Application.objects.filter(number=application.number).exists():
            application.save(force_insert=True)
            return application


@transaction.atomic
def application_submit(
    *,
    fields: dict[str, Any],
    documents: list[Document],
    company: GasCompany,
    origin: RequestOrigin,
) -> Application:
    """Store an application until its address is confirmed, with its consents and the letter.

    Nothing is looked up: neither the answer nor the work tells whether address or account are known.
    """
    link, now = new_secret(), timezone.now()
    application = application_store(
        **fields,
        state=Application.State.UNCONFIRMED,
        reason=Application.Reason.REGISTRATION,
        region=_region(company),
        **_link_fields(link, now),
        sent_count=1,
    )
    consents_give(
        application_id=application.pk,
        documents=documents,
        company=company,
        origin=origin,
        given_at=now,
    )
    _send(application, company, link)
    return application


@transaction.atomic
def application_resend(*, application: Application, company: GasCompany) -> None:
    """Send a new link; the old one stops working. Raises ResendTooSoon, or LinkExpired for a decided one."""
    application = Application.objects.select_for_update().get(pk=application.pk)
    if application.state != Application.State.UNCONFIRMED:
        raise LinkExpired
    wait = letter_wait(application)
    if wait is None or wait > 0:
        raise ResendTooSoon
    link = new_secret()
    for name, value in _link_fields(link, timezone.now()).items():
        setattr(application, name, value)
    application.sent_count += 1
    application.save()
    _send(application, company, link)


def letter_wait(application: Application) -> int | None:
    """Return the seconds until another letter may be asked for; None when there were enough."""
    return wait_after(application.sent_at or application.created_at, application.sent_count)


def application_find(*, link: str) -> Application:
    """Return the application of a letter's link, whatever became of it. Raises LinkExpired.

    AlreadyWaiting, when it is the second one of its person for the account.
    """
    application = Application.objects.filter(link_hash=secret_hash(link)).first()
    return _assert_confirmable(application)


@transaction.atomic
def application_confirm(*, link: str) -> Application:
    """Confirm the application, so that the operator sees it; again it is returned as it is.

    Raises LinkExpired or AlreadyWaiting.
    """
    rows = Application.objects.select_for_update().filter(link_hash=secret_hash(link))
    application = _assert_confirmable(rows.first())
    if application.state != Application.State.UNCONFIRMED:
        return application
    application.state = Application.State.WAITING
    application.confirmed_at = timezone.now()
    try:
        with transaction.atomic():
            application.save(update_fields=["state", "confirmed_at"])
    except IntegrityError as error:  # another letter's link at the same moment
        twin = _waiting_twin(application)
        raise (AlreadyWaiting(twin) if twin else LinkExpired()) from error
    return application


@transaction.atomic
def applications_forget() -> int:
    """Delete applications that nobody confirmed in time, and refused ones half a year after the refusal.

    Of the company whose schema is entered. What somebody with a cabinet applied for goes with the cabinet.
    """
    now, state = timezone.now(), Application.State
    is_unconfirmed = Q(state=state.UNCONFIRMED, link_expires_at__lte=now)
    is_refused = Q(
        state=state.REFUSED, subscriber_id=None, decided_at__lte=now - REFUSED_STORED_FOR
    )
    over = Application.objects.select_for_update().filter(is_unconfirmed | is_refused)
    ids = list(over.values_list("pk", flat=True))
    Consent.objects.filter(application_id__in=ids).delete()
    return Application.objects.filter(pk__in=ids).delete()[0]


def _assert_confirmable(application: Application | None) -> Application:
    if application is None:
        raise LinkExpired
    if application.state != Application.State.UNCONFIRMED:
        return application
    if application.link_expires_at is None or application.link_expires_at <= timezone.now():
        raise LinkExpired
    if twin := _waiting_twin(application):
        raise AlreadyWaiting(twin)
    return application


def _waiting_twin(application: Application) -> Application | None:
    return Application.objects.filter(
        state=Application.State.WAITING,
        number_key=application.number_key,
        email=application.email,
        subscriber_id=application.subscriber_id,
    ).first()


def _region(company: GasCompany) -> str:
    region = company.regions.order_by("name").first()
    return region.name if region else ""


def _link_fields(link: str, now: datetime.datetime) -> dict[str, Any]:
    return {
        "link_hash": secret_hash(link),
        "link_expires_at": now + datetime.timedelta(days=LINK_DAYS),
        "sent_at": now,
    }


def _send(application: Application, company: GasCompany, link: str) -> None:
    address = reverse("accounts:application_confirm", args=[link])
    message_send(
        kind="confirm_application",
        recipient=application.email,
        context={
            "company_name": company.name,
            "number": application.spoken_number,
            "account_number": application.account_number,
            "url": f"{company.url}{address}",
            "days": LINK_DAYS,
        },
    )

"""What an approved application gives: a cabinet, the account, and a link to set the first password.

The cabinet is made by the approval, with a password that nobody can type (decision 32). So two
applications of one person need not know of each other, and a link that has expired is made up for by the
recovery of a password.
"""

import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from cabinet.accounts.links.services import AccountClosed, link_make, link_prove
from cabinet.accounts.lookup import AccountNotFound
from cabinet.accounts.models import Application
from cabinet.accounts.proofs import BY_OPERATOR
from cabinet.accounts.selectors import account_named
from cabinet.subscribers.models import AccountLink, Consent, PendingRegistration, Subscriber
from cabinet.subscribers.notify import page_address, subscriber_notify
from cabinet.subscribers.sessions import sessions_end, subscriber_lock
from cms_pages.selectors import company_phone
from portal.secrets import SignedToken, keyed_hash
from tenants.models import GasCompany

DAYS = 7
# Good until the password is set, which changes the hash that the token names.
_token = SignedToken("cabinet.accounts.first_login", datetime.timedelta(days=DAYS))


class ApplicantGone(Exception):
    """The logged-in person who applied has deleted their cabinet."""


class FirstLoginExpired(Exception):
    """The link is forged, of another company, too old, or the person is gone."""


class FirstLoginDone(Exception):
    """The password has been set, by this link or otherwise."""


@transaction.atomic
def access_grant(*, application: Application, company: GasCompany) -> None:
    """Give the applicant the account that is asked for, and write the letter, as a part of the approval.

    The company's schema is entered, and the application's row is held. Raises AccountNotFound,
    AccountClosed or ApplicantGone.
    """
    account = account_named(application.asked_number)
    if account is None:
        raise AccountNotFound
    if account.closed_on:
        raise AccountClosed
    subscriber = _applicant(application)
    links = AccountLink.objects.of_account(company, account.account_number)
    link = links.filter(subscriber=subscriber).first()
    if link is None:
        link = link_make(subscriber, company, application.region, account, BY_OPERATOR)
    else:
        link_prove(link, company, account, BY_OPERATOR)
    Consent.objects.filter(application_id=application.pk).update(
        subscriber=subscriber, application_id=None
    )
    application.subscriber_id = subscriber.pk
    application.save(update_fields=["subscriber_id"])
    is_new = not subscriber.has_usable_password
    subscriber_notify(
        subscriber=subscriber,
        kind="application_approved",
        account_number=account.account_number,
        context={
            "company_name": company.name,
            "number": application.spoken_number,
            "account_number": account.account_number,
            "url": first_login_address(subscriber, company)
            if is_new
            else f"{company.url}/cabinet/{link.pk}/",
            "is_new": is_new,
            "days": DAYS,
            "recover_url": f"{page_address(company, 'recover')}?by=email",
            "phone": company_phone(),
        },
    )


def first_login_address(subscriber: Subscriber, company: GasCompany) -> str:
    token = _token.make([str(subscriber.pk), _password_key(subscriber)])
    return f"{company.url}{reverse('accounts:first_login', args=[token])}"


def first_login_find(*, link: str) -> Subscriber:
    """Return whose first password the link sets. Raises FirstLoginExpired or FirstLoginDone."""
    pk, key = _token.read(link) or ("", "")
    subscriber = Subscriber.objects.filter(pk=pk).first() if pk else None
    return _asserted(subscriber, key)


def first_login_finish(*, link: str, password: str) -> Subscriber:
    """Set the first password, once. Raises what `first_login_find` raises."""
    found = first_login_find(link=link)
    hashed = make_password(password)  # slow, so before the lock
    with transaction.atomic():
        locked = _asserted(subscriber_lock(found.pk), _password_key(found))
        locked.password = hashed
        locked.save(update_fields=["password"])
        sessions_end(subscriber=locked)
        locked.temporary_passwords.all().delete()
    return locked


def _asserted(subscriber: Subscriber | None, key: str) -> Subscriber:
    if subscriber is None:
        raise FirstLoginExpired
    if subscriber.has_usable_password or _password_key(subscriber) != key:
        raise FirstLoginDone
    return subscriber


def _password_key(subscriber: Subscriber) -> str:
    """Return what binds a link to the password that it replaces."""
    return keyed_hash(subscriber.password, purpose="cabinet.accounts.first_login")[:20]


def _applicant(application: Application) -> Subscriber:
    """Return the applicant's cabinet, locked; it is made for an address that has none.

    The address was confirmed by its letter. Registrations of it that wait end here: whoever began one has
    not read that letter.
    """
    if application.subscriber_id:
        locked = subscriber_lock(application.subscriber_id)
        if locked is None:
            raise ApplicantGone
        return locked
    waiting = PendingRegistration.objects.filter(email=application.email, confirmed_at=None)
    # Before the cabinet, in the order of `registration._waiting`: else the two would deadlock.
    list(waiting.select_for_update().order_by("pk"))
    found = Subscriber.objects.filter(email=application.email).first()
    if found is None:
        try:
            with transaction.atomic():
                found = Subscriber.objects.create(
                    email=application.email,
                    email_since=timezone.now(),
                    password=make_password(None),
                )
        except IntegrityError:  # by another approval, or a registration, at the same moment
            found = Subscriber.objects.get(email=application.email)
    waiting.delete()
    locked = subscriber_lock(found.pk)
    if locked is None:
        raise ApplicantGone
    return locked

"""Who can log in to the demo. It refuses to start with production settings."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from devtools.demo.data.companies import COMPANIES

if TYPE_CHECKING:
    from cabinet.subscribers.models import Subscriber

PASSWORD = "demo-portal"  # noqa: S105 - shown to everybody who starts the demo
SUBSCRIBER = "abonent@example.ru"
SUBSCRIBER_PHONE = "+79110000000"
# What the subscriber by e-mail calls some accounts.
NAMES = {"806018": "Дача", "510080": "Мамина квартира"}


@dataclass(frozen=True, kw_only=True)
class DemoLogin:
    schema: str
    username: str
    title: str
    groups: tuple[str, ...] = ()
    superuser: bool = False


LOGINS = (
    *(
        DemoLogin(schema="public", username=username, title=title, superuser=True)
        for username, title in (
            ("admin", "центральный администратор"),
            ("admin2", "второй центральный администратор"),
        )
    ),
    *(
        DemoLogin(schema=company.schema, username=username, title=title, groups=(group,))
        for company in COMPANIES
        for username, title, group in (
            ("editor", "редактор", "Editors"),
            ("moderator", "модератор", "Moderators"),
            ("operator", "оператор", "Operators"),
            ("operator2", "второй оператор", "Operators"),
            ("cashier", "кассир", "Cashiers"),
            ("cashier2", "второй кассир", "Cashiers"),
            ("director", "администратор компании", "Company administrators"),
        )
    ),
)


def staff_logins_create() -> None:
    """Create the staff of every schema; logins that exist stay as they are."""
    from django_tenants.utils import schema_context

    from portal.staff.models import StaffUser
    from portal.staff.services import staff_create

    for login in LOGINS:
        with schema_context(login.schema):
            if not StaffUser.objects.filter(username=login.username).exists():
                staff_create(
                    username=login.username,
                    password=PASSWORD,
                    email=f"{login.username}@example.ru",
                    groups=login.groups,
                    superuser=login.superuser,
                )


def subscriber_logins_create() -> None:
    """Create a subscriber by e-mail with accounts of every company, and one by phone.

    Accounts that are not loaded are left out. Accounts of the fund are linked here alone: there is
    no proof for them yet.
    """
    from django.contrib.auth.hashers import make_password

    from cabinet.subscribers.models import Subscriber

    for contact in ({"email": SUBSCRIBER}, {"phone": SUBSCRIBER_PHONE}):
        subscriber, is_new = Subscriber.objects.get_or_create(
            **contact, defaults={"password": make_password(PASSWORD)}
        )
        if is_new:
            _consent(subscriber)
            _link(subscriber, everywhere="email" in contact)


def _consent(subscriber: "Subscriber") -> None:
    """Give the consents of the first company, as a registration there does."""
    from cabinet.subscribers.consents.documents import documents_to_accept
    from cabinet.subscribers.consents.services import consents_give
    from portal.http.addresses import RequestOrigin
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    company = GasCompany.objects.get(schema_name=COMPANIES[0].schema)
    with in_company(company):
        consents_give(
            subscriber=subscriber,
            documents=documents_to_accept(company),
            company=company,
            origin=RequestOrigin(COMPANIES[0].host, "127.0.0.1"),
        )


def _link(subscriber: "Subscriber", *, everywhere: bool) -> None:
    from django_tenants.utils import schema_context

    from cabinet.accounts.models import PersonalAccount
    from cabinet.accounts.surnames import surname_hash
    from cabinet.subscribers.models import AccountLink
    from portal.formats.places import address_in_town
    from tenants.models import GasCompany

    for company in COMPANIES if everywhere else COMPANIES[:1]:
        wanted = (company.account, *company.more_accounts)
        with schema_context(company.schema):
            loaded = list(
                PersonalAccount.objects.filter(account_number__in=wanted).order_by("account_number")
            )
        tenant = GasCompany.objects.get(schema_name=company.schema)
        for account in loaded:
            AccountLink.objects.create(
                subscriber=subscriber,
                company=tenant,
                region=company.region,
                account_number=account.account_number,
                label=NAMES.get(account.account_number, "") if everywhere else "",
                place=address_in_town(account.address),
                proof="meter",
                surname_hash=surname_hash(tenant, account),
            )


_PUBLIC_ID, _SECRET = "demo", "demo-portal"
NAME = "Биллинг (демонстрация)"


def exchange_token(schema: str) -> str:
    return f"{schema}.{_PUBLIC_ID}.{_SECRET}"


def exchange_keys_create() -> None:
    """Create a key with all rights in every company; those that exist stay as they are."""
    from django_tenants.utils import schema_context

    from cabinet.exchange.models import ExchangeKey, Scope
    from portal.secrets import secret_hash

    for company in COMPANIES:
        with schema_context(company.schema):
            ExchangeKey.objects.get_or_create(
                public_id=_PUBLIC_ID,
                defaults={
                    "name": NAME,
                    "digest": secret_hash(_SECRET),
                    "scopes": Scope.values,
                    "created_by": "director",
                },
            )

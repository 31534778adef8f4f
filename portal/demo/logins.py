"""Who can log in to the demo. It refuses to start with production settings."""

from dataclasses import dataclass

from portal.demo.companies import COMPANIES

PASSWORD = "demo-portal"  # noqa: S105 - shown to everybody who starts the demo
SUBSCRIBER = "abonent@example.ru"


@dataclass(frozen=True, kw_only=True)
class DemoLogin:
    schema: str
    username: str
    title: str
    groups: tuple[str, ...] = ()
    superuser: bool = False


LOGINS = (
    DemoLogin(schema="public", username="admin", title="центральный администратор", superuser=True),
    *(
        DemoLogin(schema=company.schema, username=username, title=title, groups=(group,))
        for company in COMPANIES
        for username, title, group in (
            ("editor", "редактор", "Editors"),
            ("moderator", "модератор", "Moderators"),
            ("operator", "оператор", "Operators"),
            ("director", "администратор компании", "Company administrators"),
        )
    ),
)


def staff_logins_create() -> None:
    """In every schema its own. Those that exist stay as they are."""
    from django_tenants.utils import schema_context

    from portal.staff.models import StaffUser
    from portal.staff.services import staff_create

    for login in LOGINS:
        with schema_context(login.schema):
            if not StaffUser.objects.filter(username=login.username).exists():
                staff_create(
                    username=login.username,
                    password=PASSWORD,
                    groups=login.groups,
                    superuser=login.superuser,
                )


def subscriber_login_create() -> None:
    """A person with the manuals' accounts in both regions, as far as they are loaded."""
    from django.contrib.auth.hashers import make_password
    from django.utils import timezone
    from django_tenants.utils import schema_context

    from cabinet.accounts.models import PersonalAccount
    from cabinet.subscribers.models import AccountLink, Subscriber
    from tenants.models import GasCompany

    if Subscriber.objects.filter(email=SUBSCRIBER).exists():
        return
    subscriber = Subscriber.objects.create(
        email=SUBSCRIBER, password=make_password(PASSWORD), consented_at=timezone.now()
    )
    for company in COMPANIES:
        with schema_context(company.schema):
            loaded = PersonalAccount.objects.filter(account_number=company.account).exists()
        if loaded:
            AccountLink.objects.create(
                subscriber=subscriber,
                company=GasCompany.objects.get(schema_name=company.schema),
                region=company.region,
                account_number=company.account,
                proof="meter",
            )

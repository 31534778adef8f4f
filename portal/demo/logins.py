"""Who can log in to the demo's admin. The demo refuses to start with production settings."""

from dataclasses import dataclass

from portal.demo.companies import COMPANIES

PASSWORD = "demo-portal"  # noqa: S105 - shown to everybody who starts the demo


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
        DemoLogin(schema=company.schema, username="editor", title="редактор", groups=("Editors",))
        for company in COMPANIES
    ),
)


def logins_create() -> None:
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

"""The office's connections: the first administrator is invited, and the audit logs hear of all."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.audit.actions import action_titles_add
from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.staff.invitations import invitation_send
from portal.staff.models import CENTRAL_PREFIX, StaffUser
from portal.staff.roles import COMPANY_ADMINISTRATORS
from tenants.entering import entry_watch
from tenants.events import company_watch
from tenants.invitations import inviter_register
from tenants.models import GasCompany

ACTIONS = {
    "company.created": _("создал компанию"),
    "company.suspended": _("приостановил компанию"),
    "company.resumed": _("возобновил компанию"),
    "company.archived": _("отправил компанию в архив"),
    "company.restored": _("восстановил компанию из архива"),
    "company.archive_downloaded": _("скачал архив компании"),
    "company.deleted": _("удалил компанию"),
    "company.domain_added": _("добавил адрес сайта"),
    "company.domain_primary": _("сменил основной адрес сайта"),
    "company.domain_removed": _("удалил адрес сайта"),
    "company.entered": _("вошёл в компанию из центрального офиса"),
}


def connect() -> None:
    """Called once, in `AppConfig.ready`."""
    action_titles_add(ACTIONS)
    inviter_register(_invite)
    company_watch(_log_event)
    entry_watch(_log_entry)


def _invite(company: GasCompany, email: str) -> None:
    def address(secret: str) -> str:
        path = reverse("staff_invitation", args=[secret], urlconf="portal.urls.tenant")
        return f"{company.url}{path}"

    invitation_send(
        invited_by=None,
        email=email,
        roles=[COMPANY_ADMINISTRATORS],
        company_name=company.name,
        link_address=address,
    )


def _log_event(event: str, company: GasCompany, actor: str, address: str) -> None:
    admin = StaffUser.objects.filter(username=actor).first()
    audit_write(actor=admin, action=f"company.{event}", subject=company, address=address)


def _log_entry(actor: str, company: GasCompany, address: str) -> None:
    """Called in public and in the company's schema, where the admin is a row of another name."""
    name = actor if current_schema() == "public" else f"{CENTRAL_PREFIX}{actor}"
    admin = StaffUser.objects.filter(username=name).first()
    audit_write(actor=admin, action="company.entered", subject=company, address=address)

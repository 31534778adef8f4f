"""The hosts of a company. A change is noticed by other processes within five seconds."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context, schema_exists
from wagtail.models import Site

from portal.audit.changes import Change
from tenants.events import company_event
from tenants.models import Domain, GasCompany, normalise_host
from tenants.routing import forget_routes


def domain_check(host: Domain) -> None:
    """Raise ValidationError for what is no address, or another company's, or the portal's own."""
    if host.domain == settings.BASE_HOST:
        raise ValidationError(_("Этот адрес занят порталом."))
    host.full_clean(exclude=["tenant"])


@transaction.atomic
def domain_add(*, company: GasCompany, domain: str, actor: str, address: str) -> Domain:
    """Add a host; the site answers there at once. Raises ValidationError."""
    _locked(company)
    host = Domain(domain=normalise_host(domain), tenant=company, is_primary=False)
    domain_check(host)
    host.save()
    added = Change(_("Адрес сайта"), "", str(host))
    company_event("domain_added", company, actor, address, changes=[added])
    transaction.on_commit(forget_routes)
    return host


@transaction.atomic
def domain_make_primary(*, host: Domain, actor: str, address: str) -> None:
    """Make a host the one that links and letters name.

    Wagtail's `Site.hostname` follows: previews use it.
    """
    company = _locked(host.tenant)
    before = company.domains.filter(is_primary=True).first()
    company.domains.exclude(pk=host.pk).update(is_primary=False)
    company.domains.filter(pk=host.pk).update(is_primary=True)
    if schema_exists(company.schema_name):
        with schema_context(company.schema_name):
            for site in Site.objects.filter(is_default_site=True):
                site.hostname = host.domain
                site.save()
    moved = Change(_("Основной адрес"), str(before or ""), str(host))
    company_event("domain_primary", company, actor, address, changes=[moved])
    transaction.on_commit(forget_routes)


@transaction.atomic
def domain_remove(*, host: Domain, actor: str, address: str) -> None:
    """Remove a host. Raises ValidationError for the primary one: a company needs an address."""
    company = _locked(host.tenant)
    host.refresh_from_db()
    if host.is_primary:
        raise ValidationError(_("Основной адрес не удаляют: сначала сделайте основным другой."))
    host.delete()
    removed = Change(_("Адрес сайта"), str(host), "")
    company_event("domain_removed", company, actor, address, changes=[removed])
    transaction.on_commit(forget_routes)


def _locked(company: GasCompany) -> GasCompany:
    locked: GasCompany = GasCompany.objects.select_for_update().get(pk=company.pk)
    return locked

"""Where the admin is. Wagtail's letters know one setting for it; here each company has a host of its own."""

from django.conf import settings
from wagtail.admin.templatetags.wagtailadmin_tags import register

from portal.connection import current_schema
from tenants.models import GasCompany, site_url


def admin_address(default: str | None = None) -> str:
    """Scheme, host and port of the current schema's admin; Wagtail's `default` is not needed."""
    company = GasCompany.objects.filter(schema_name=current_schema()).first()
    return company.url if company else site_url(settings.BASE_HOST)


def install() -> None:
    """In the place of Wagtail's own tag, with which the links of its letters begin."""
    register.simple_tag(admin_address, name="base_url_setting")

from django.conf import settings
from wagtail.models import Page, Site

from cms_pages.models import HomePage
from tenants.models import GasCompany


def home_page_create(company: GasCompany) -> None:
    """The first content of a new company: its home page and its site, in the current schema.

    `Site.hostname` must be the company's domain: Wagtail's preview asks for it.
    """
    root = Page.get_first_root_node()
    if root is None:
        raise RuntimeError("the template has no root page")
    Site.objects.all().delete()
    for page in root.get_children():
        page.delete()
    root.refresh_from_db()
    home = root.add_child(instance=HomePage(title=company.name, slug="home"))
    Site.objects.create(
        hostname=company.domains.get(is_primary=True).domain,
        port=int(settings.PUBLIC_PORT or (443 if settings.PUBLIC_SCHEME == "https" else 80)),
        site_name=company.name,
        root_page=home,
        is_default_site=True,
    )

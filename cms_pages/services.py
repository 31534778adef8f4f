import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from wagtail.contrib.forms.models import FormSubmission
from wagtail.models import GroupPagePermission, Page, Site

from cms_pages.forms import PROTECTION
from cms_pages.models import FormPage, HomePage, NewsIndexPage, ServiceCentreIndexPage
from portal.messaging.services import message_send
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
    # What is above the home page is nobody's: an editor's tree begins with the site.
    GroupPagePermission.objects.filter(page=root).update(page=home)
    Site.objects.create(
        hostname=company.domains.get(is_primary=True).domain,
        port=int(settings.PUBLIC_PORT or (443 if settings.PUBLIC_SCHEME == "https" else 80)),
        site_name=company.name,
        root_page=home,
        is_default_site=True,
    )
    _sections_create(home, company)


def _sections_create(home: HomePage, company: GasCompany) -> None:
    """The sections that wait for an editor's first item, so that it is seen as soon as it is there."""
    home.add_child(instance=NewsIndexPage(title="Новости", slug="novosti", show_in_menus=True))
    if company.kind == GasCompany.Kind.GAS:
        title = "Центры обслуживания"
        page = ServiceCentreIndexPage(title=title, slug="service-centres", show_in_menus=True)
        home.add_child(instance=page)


@transaction.atomic
def form_submission_save(*, page: FormPage, form: Any) -> FormSubmission:
    """Keep the answers of a valid form and write the letters about them, in one transaction."""
    answers = {name: value for name, value in form.cleaned_data.items() if name not in PROTECTION}
    submission = page.get_submission_class().objects.create(form_data=answers, page=page)
    lines = [
        (form.fields[name].label, _as_text(value))
        for name, value in answers.items()
        if name != "consent"
    ]
    for address in filter(None, map(str.strip, page.to_address.split(","))):
        context = {"page": page, "lines": lines, "company_name": page.get_site().site_name}
        message_send(kind="form_submission", recipient=address, context=context)
    return submission


def _as_text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, datetime.date):
        return str(date_format(value, "SHORT_DATE_FORMAT"))
    return str(value)

"""Puts the sample content on a demo company's site. What is there already stays as it is."""

from collections.abc import Sequence

from django.utils.text import slugify
from django_tenants.utils import schema_context
from wagtail.models import Page, Site

from cms_pages import models
from cms_pages.first_pages import guide
from cms_pages.first_pages.words import Block, SamplePage, as_json, tidy
from devtools.demo.data.companies import DemoCompany
from devtools.demo.site import (
    fund,
    fund_news,
    fund_pages,
    gas,
    gas_news,
    gas_pages,
)
from devtools.demo.site.build import SampleNews
from devtools.demo.site.parts import add_contacts, add_documents, add_guide, add_page
from portal.connection import connection
from tenants.models import GasCompany


def site_sample_load(company: DemoCompany) -> None:
    """Load the sample site once; an editor's changes stay."""
    with schema_context(company.schema):
        connection.set_tenant(GasCompany.objects.get(schema_name=company.schema))
        home = Site.objects.get(is_default_site=True).root_page.specific
        if company.kind == GasCompany.Kind.CAPITAL_REPAIR:
            _fund(home)
        else:
            _gas(home, gas.PSKOV if company.schema == "pskov" else gas.NOVGOROD)
        add_documents(home, company.name)
        _name_ways_to_pay(home)


def _name_ways_to_pay(home: models.HomePage) -> None:
    site = Site.objects.get(is_default_site=True)
    brand, _ = models.BrandSettings.objects.get_or_create(site=site)
    if brand.payment_page_id is None:
        brand.payment_page = home.get_children().filter(slug="oplata").first()
        brand.save()


def _gas(home: models.HomePage, words: gas.GasWords) -> None:
    contacts = gas.contacts(words)
    intro = (
        "<p>Чтобы передать показания, нужны номер лицевого счёта из квитанции и ваши инициалы.</p>"
    )
    _fill_home(home, intro=intro, links=gas.quick_links(), contacts=contacts)
    _pages(home, gas_pages.pages(words))
    _news(home, gas_news.news(words))
    add_guide(home, guide.GAS)
    add_contacts(home, contacts)


def _fund(home: models.HomePage) -> None:
    contacts = fund.contacts()
    intro = "<p>Собираем взносы, ремонтируем дома и отчитываемся перед жителями.</p>"
    _fill_home(home, intro=intro, links=fund.quick_links(), contacts=contacts)
    about = models.FundPage(
        title="О фонде",
        slug="o-fonde",
        lead="Региональный оператор капитального ремонта многоквартирных домов Югры.",
        show_in_menus=True,
        figures=as_json(fund.figures()),
        body=as_json(fund.ABOUT),
    )
    add_page(home, about)
    _pages(home, fund_pages.pages())
    _news(home, fund_news.news())
    add_guide(home, guide.FUND)
    add_contacts(home, contacts)


def _fill_home(
    home: models.HomePage, *, intro: str, links: list[Block], contacts: list[Block]
) -> None:
    if home.intro or home.quick_links or home.contacts:
        return
    fields = {"quick_links": as_json(links), "contacts": as_json(contacts), "intro": tidy(intro)}
    for name, value in fields.items():
        setattr(home, name, value)
    home.save_revision().publish()
    home.refresh_from_db()


def _pages(parent: Page, pages: Sequence[SamplePage]) -> None:
    for one in pages:
        page = models.StandardPage(
            title=tidy(one.title),
            slug=one.slug,
            lead=tidy(one.lead),
            show_in_menus=one.in_menu,
            body=as_json(one.body),
        )
        _pages(add_page(parent, page), one.below)


def _news(home: Page, news: Sequence[SampleNews]) -> None:
    lead = "О ценах, работах и новых возможностях."
    index = models.NewsIndexPage.objects.get()
    if not index.lead:
        index.lead = lead
        index.save_revision().publish()
    oldest_first = sorted(news, key=lambda item: item.date)
    for one in oldest_first:
        if index.get_children().filter(slug=one.slug).exists():
            continue
        category, _ = models.NewsCategory.objects.get_or_create(
            name=one.category, defaults={"slug": slugify(one.category, allow_unicode=True)}
        )
        page = models.NewsPage(
            title=tidy(one.title),
            slug=one.slug,
            lead=tidy(one.lead),
            date=one.date,
            subject=one.subject,
            body=as_json(one.body),
        )
        page.categories = [category]
        add_page(index, page)

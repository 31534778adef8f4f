"""Put the first pages on the site of a company in preparation, for its editors to go on with.

What is true of every company is published; what has gaps is a draft. A company that is opened at once
(a test's, a demo's) brings its own.
"""

import datetime

from django.utils import timezone
from wagtail.models import Collection, Page, Site

from cms_pages.first_pages import gas, guide, legal
from cms_pages.first_pages.words import Block, SamplePage, as_json, contact, text, tidy
from cms_pages.pages.documents import DocumentIndexPage, LegalDocumentPage, LegalVersionPage
from cms_pages.pages.form import FormPage
from cms_pages.pages.text import ContactPage, FundPage, GuidePage, StandardPage
from tenants.models import GasCompany, SharedVersion

FOLDERS = ("Новости", "Документы")
FOLDER_OF_CENTRES = "Центры обслуживания"


def first_pages_create(company: GasCompany) -> None:
    """Make pages, drafts and folders. A step of provisioning, in the company's schema."""
    is_gas = company.kind == GasCompany.Kind.GAS
    for name in (*FOLDERS, FOLDER_OF_CENTRES) if is_gas else FOLDERS:
        Collection.get_first_root_node().add_child(name=name)
    if company.status != GasCompany.Status.PREPARING:
        return
    home = Site.objects.get(is_default_site=True).root_page
    _add(home, _about(company, is_gas=is_gas))
    if is_gas:
        for words, is_ready in _pages_of_gas():
            if words.slug not in _from_the_office(company):
                _add(home, _standard(words), is_ready=is_ready)
    sections = guide.GAS if is_gas else guide.FUND
    value = [
        {"type": "section", "value": {"title": title, "body": list(body)}}
        for title, body in sections
    ]
    _add(
        home,
        GuidePage(
            title="Руководство пользователя",
            slug="rukovodstvo",
            lead="Как завести личный кабинет и пользоваться им.",
            sections=as_json(value),
        ),
    )
    _add(home, _contacts(is_gas=is_gas))
    _documents(home, is_gas=is_gas)


def _add(parent: Page, page: Page, *, is_ready: bool = True) -> Page:
    page.live = is_ready
    page.has_unpublished_changes = not is_ready
    added: Page = parent.add_child(instance=page)
    added.save_revision()
    if is_ready:
        added.get_latest_revision().publish()
    return added


def _standard(words: SamplePage) -> StandardPage:
    return StandardPage(
        title=tidy(words.title),
        slug=words.slug,
        lead=tidy(words.lead),
        show_in_menus=words.in_menu,
        body=as_json(words.body),
    )


def _pages_of_gas() -> list[tuple[SamplePage, bool]]:
    """Return pages, and whether they can be published as they are."""
    return [
        (gas.prices(), False),
        (gas.safety(), True),
        (gas.connection("[адрес]", "вашем регионе"), False),
    ]


def _from_the_office(company: GasCompany) -> set[str]:
    """Return the addresses that new companies get from the central office's shared content."""
    coming = SharedVersion.all_for_new(company.kind)
    return {one.content["slug"] for one in coming if not one.content["section"]}


def _about(company: GasCompany, *, is_gas: bool) -> Page:
    if is_gas:
        said = "Поставляем газ жителям и ведём их лицевые счета."
        body: list[Block] = [text(f"<p>{said}</p>"), _REQUISITES]
        return StandardPage(
            title="О компании",
            slug="o-kompanii",
            show_in_menus=True,
            lead=company.name,
            body=as_json(body),
        )
    body = [text("<p>Собираем взносы и ремонтируем многоквартирные дома.</p>"), _REQUISITES]
    return FundPage(
        title="О фонде", slug="o-fonde", show_in_menus=True, lead=company.name, body=as_json(body)
    )


_REQUISITES: Block = {"type": "requisites", "value": None}


def _contacts(*, is_gas: bool) -> ContactPage:
    emergency = contact(
        "Аварийная газовая служба",
        role="Круглосуточно и бесплатно",
        phones=(("104", "с любого телефона"), ("112", "единый номер")),
    )
    desk = contact("Справочная", phones=(("phone", ""), ("contact_centre_phone", "контакт-центр")))
    return ContactPage(
        title="Контакты",
        slug="kontakty",
        lead="Телефоны, адрес и часы работы.",
        show_in_menus=True,
        contacts=as_json([emergency, desk] if is_gas else [desk]),
        form_page=FormPage.objects.first(),
        body=as_json([_REQUISITES]),
    )


def _documents(home: Page, *, is_gas: bool) -> None:
    index = _add(
        home,
        DocumentIndexPage(
            title="Документы",
            slug="dokumenty",
            lead="Что действует сейчас и что действовало раньше.",
        ),
    )
    today: datetime.date = timezone.localdate()
    for words in legal.documents(is_gas=is_gas):
        document = _add(
            index,
            LegalDocumentPage(
                title=tidy(words.title), slug=words.slug, kind=words.kind, lead=tidy(words.lead)
            ),
        )
        version = LegalVersionPage(
            title=f"{words.title}, редакция 1",
            slug="redaktsiya-1",
            number="1",
            effective_from=today,
            text=tidy(words.draft),
        )
        _add(document, version, is_ready=False)

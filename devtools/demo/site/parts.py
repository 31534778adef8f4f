"""Pages that every demo company has: guide, contacts with a form, documents."""

from collections.abc import Sequence
from typing import Any

from wagtail.models import Page

from cms_pages import models
from cms_pages.first_pages.words import Block, as_json, tidy
from devtools.demo.site import legal
from portal.formats.phones import phone_href


def add_page(parent: Page, page: Page) -> Any:
    """Return the page of that slug: the existing one, or this one, published."""
    if there := parent.get_children().filter(slug=page.slug).first():
        return there.specific
    added = parent.add_child(instance=page)
    added.save_revision().publish()
    parent.refresh_from_db()
    return added


def add_guide(home: Page, sections: Sequence[tuple[str, tuple[Block, ...]]]) -> None:
    value = [{"type": "section", "value": {"title": t, "body": list(body)}} for t, body in sections]
    page = models.GuidePage(
        title="Руководство пользователя",
        slug="rukovodstvo",
        lead="Как завести личный кабинет и пользоваться им.",
        sections=as_json(value),
    )
    add_page(home, page)


def add_contacts(home: Page, contacts: list[Block]) -> None:
    page = models.ContactPage(
        title="Контакты",
        slug="kontakty",
        lead="Телефоны, адрес и часы работы.",
        show_in_menus=True,
        contacts=as_json(contacts),
    )
    page = add_page(home, page)
    form = _form_below(page)
    if page.form_page_id is None:
        page.form_page = form
        page.save_revision().publish()


def _form_below(contacts: Page) -> models.FormPage:
    """Return the form that every new company has, moved below the contacts, with addresses by subject."""
    form: models.FormPage = models.FormPage.objects.get()
    if form.slug == "napisat":
        return form
    form.title, form.slug, form.show_in_menus = "Написать нам", "napisat", False
    form.lead = "Для вопросов о сайте и услугах. О запахе газа не пишите — звоните 104."
    form.thanks = "<p>Ответим в течение десяти рабочих дней.</p>"
    form.to_address = "priemnaya@example.ru"
    form.routes = [
        models.FormRoute(answer="Начисления и оплата", to_address="raschety@example.ru"),
        models.FormRoute(answer="Счётчики и показания", to_address="schetchiki@example.ru"),
    ]
    form.save_revision().publish()
    form.refresh_from_db()
    form.move(contacts, pos="last-child")
    contacts.refresh_from_db()
    form.refresh_from_db()
    return form


def add_documents(home: Page, name: str) -> None:
    index = models.DocumentIndexPage(
        title="Документы",
        slug="dokumenty",
        lead="Согласия и политики: что действует сейчас и что действовало раньше.",
    )
    index = add_page(home, index)
    for one in legal.documents(name):
        document = models.LegalDocumentPage(
            title=tidy(one.title), slug=one.slug, kind=one.kind, lead=tidy(one.lead)
        )
        document = add_page(index, document)
        for version in one.versions:
            page = models.LegalVersionPage(
                title=f"{one.title}, редакция {version.number}",
                slug=f"redaktsiya-{version.number}",
                number=version.number,
                effective_from=version.day,
                text=tidy(version.text),
            )
            add_page(document, page)


def tel(number: str) -> str:
    """Return a telephone link that stays on one line."""
    return f'<a href="tel:{phone_href(number)}">{number}</a>'

"""A small site in Pskov: a menu, news, a consent in two wordings, service centres; logins of staff."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context
from wagtail.models import Page
from wagtail.rich_text import RichText

from cms_pages.models import (
    CentrePhone,
    District,
    DocumentIndexPage,
    HomePage,
    LegalDocumentPage,
    LegalVersionPage,
    NewsIndexPage,
    NewsPage,
    OpeningHours,
    ServiceCentre,
    ServiceCentreIndexPage,
    StandardPage,
)
from portal.staff.models import StaffUser
from tests.support.factories import BASE_HOST, PSKOV_HOST, staff_client

TIME = datetime.time


def add(parent: Page, page: Page) -> Any:
    added = parent.add_child(instance=page)
    parent.refresh_from_db()
    return added


def make_page(parent: Page, title: str, text: str = "", **fields: Any) -> StandardPage:
    body = [("text", RichText(text))] if text else []
    return add(parent, StandardPage(title=title, body=body, **fields))


def make_news(index: NewsIndexPage, title: str, date: datetime.date, **fields: Any) -> NewsPage:
    return add(index, NewsPage(title=title, date=date, **fields))


@pytest.fixture
def home(pskov) -> HomePage:
    return HomePage.objects.get()


@pytest.fixture
def news_index(home) -> NewsIndexPage:
    return NewsIndexPage.objects.get()


@pytest.fixture
def consent(home) -> LegalDocumentPage:
    index = add(home, DocumentIndexPage(title="Документы", slug="dokumenty"))
    return add(index, LegalDocumentPage(title="Согласие", slug="soglasie", kind="consent"))


def make_version(
    document: LegalDocumentPage, number: str, day: datetime.date, **fields: Any
) -> Any:
    version = LegalVersionPage(
        title=f"Редакция {number}",
        slug=f"redaktsiya-{number}",
        number=number,
        effective_from=day,
        text=f"<p>Текст редакции {number}.</p>",
        **fields,
    )
    return add(document, version)


@pytest.fixture
def editor_client(editor) -> Client:
    """The editor's browser on Pskov's host, who may publish as well: moderators' rights are roles' tests."""
    from django.contrib.auth.models import Group

    editor.groups.add(Group.objects.get(name="Moderators"))
    return staff_client(editor, PSKOV_HOST)


def staff_at(host: str, username: str) -> Client:
    schema = "public" if host == BASE_HOST else host.partition(".")[0]
    with schema_context(schema):
        user = StaffUser.objects.get(username=username)
    return staff_client(user, host)


def make_centre(code: str = "pskov", district: str = "Псков", **fields) -> ServiceCentre:
    """Figure 32 of manual 1."""
    centre = ServiceCentre(
        **{
            "code": code,
            "name": "Псковский",
            "district": District.objects.get_or_create(name=district)[0],
            "address": "г. Псков, Рижский пр., д. 20",
            "email": "prg@pskovregiongaz.ru",
            **fields,
        }
    )
    centre.phones = [CentrePhone(number="(8112) 59-50-50"), CentrePhone(number="(8112) 59-50-51")]  # type: ignore[misc]
    centre.hours = [  # type: ignore[misc]
        OpeningHours(first_day=0, last_day=4, opens=TIME(8), closes=TIME(19)),
        OpeningHours(first_day=2, opens=TIME(8), closes=TIME(20)),
        OpeningHours(
            first_day=5,
            occurrence=-1,
            opens=TIME(9),
            break_from=TIME(13),
            break_to=TIME(14),
            closes=TIME(18),
        ),
    ]
    centre.save()
    return centre


@pytest.fixture
def centres_page(pskov) -> ServiceCentreIndexPage:
    return ServiceCentreIndexPage.objects.get()

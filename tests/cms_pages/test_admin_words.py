"""Words of the admin that Wagtail says in no Russian, or not as one would say them."""

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django_tenants.utils import schema_context

from portal.staff import roles
from portal.staff.services import staff_create
from tests.cms_pages.conftest import make_centre, make_news
from tests.support.appeals import make_appeal, make_message
from tests.support.factories import (
    BASE_HOST,
    PASSWORD,
    PSKOV_HOST,
    make_account,
    staff_client,
    text_of,
)
from tests.support.russian import strange_words

pytestmark = pytest.mark.django_db

# Words of the rows below: names of logins, addresses of pages and schemas.
OWN = {"pskov", "novgorod", "public", "walker", "author", "home"}
# Leads out of the admin, or is no page.
_CLOSED = ("/admin/logout/", "/admin/jsi18n/", "/admin/sprite/")


def test_lists_and_fields_are_named_as_people_name_them(editor_client):
    pages = text_of(editor_client.get("/admin/pages/usage/cms_pages/standardpage/"))
    assert "обычная страницаs" not in pages and "Всего: " in pages and "Обычные страницы" in pages
    form = text_of(editor_client.get("/admin/pages/add/cms_pages/formpage/3/"))
    assert "Название поля" in form and "Метка" not in form
    home = text_of(editor_client.get("/admin/"))
    assert "создано на" not in home


def test_a_field_left_empty_says_what_to_do(editor_client):
    page = text_of(editor_client.post("/admin/cms_pages/district/create/", {"name": ""}))
    assert "Заполните это поле." in page and "Обязательное поле" not in page


def test_scripts_speak_russian(editor_client):
    catalogue = text_of(editor_client.get("/admin/jsi18n/"))
    said = json.loads(re.search(r"newcatalog = (\{.*?\});", catalogue, re.S)[1])
    texts = [
        one for value in said.values() for one in ([value] if isinstance(value, str) else value)
    ]
    assert len(texts) > 50 and said["Autosave in progress…"] == "Сохраняем…"
    names = "".join(f"<p>{re.sub(r'%[(][a-z_]+[)][sd]', 'два', one)}</p>" for one in texts)
    assert strange_words(names) == set()


@pytest.fixture
def week(pskov, settings, tmp_path) -> None:
    """What there is to see: a news item on review, a centre, an appeal."""
    settings.MEDIA_ROOT = tmp_path
    make_centre()
    item = make_news(_news(), "Плановые работы", datetime.date(2026, 11, 20))
    item.save_revision().publish()
    item.title = "Плановые работы на улице Ленина"
    item.save_revision()
    author = staff_create(username="author", password=PASSWORD, groups=[roles.EDITORS])
    item.get_workflow().start(item, author)
    appeal = make_appeal(None, make_account())
    make_message(appeal, "Когда придёт мастер?", author="subscriber")


def _news():
    from cms_pages.models import NewsIndexPage

    return NewsIndexPage.objects.get()


def test_pages_of_a_company_are_russian(week):
    """The administrator's first, who sees most; then what the others have that he has not."""
    walk = Walk(PSKOV_HOST)
    for role in [roles.COMPANY_ADMINISTRATORS, *sorted(roles.ROLES)]:
        user = staff_create(username="walker", password=PASSWORD, groups=[role])
        walk.go(staff_client(user))
        user.delete()
    walk.assert_russian()


def test_pages_of_the_central_office_are_russian(pskov):
    with schema_context("public"):
        user = staff_create(username="walker", password=PASSWORD, superuser=True)
    walk = Walk(BASE_HOST)
    walk.go(staff_client(user, BASE_HOST))
    walk.assert_russian()


class Walk:
    """Opens each kind of page that links lead to, and presses the buttons of each; nothing is changed."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.seen: Counter[str] = Counter()
        self.waiting: list[str] = []
        self.found: dict[str, str] = {}

    def go(self, browser: Client) -> None:
        self.browser, self.waiting = browser, ["/admin/"]
        while self.waiting:
            address = self.waiting.pop(0)
            answer = self.browser.get(address, follow=True)
            if not self._look(answer, address):
                continue
            page = BeautifulSoup(answer.content, "lxml")
            for link in page.find_all("a", href=True):
                self._follow(address, link["href"])
            for form in page.find_all("form"):
                self._press(address, form)

    def assert_russian(self) -> None:
        assert len(self.seen) > 50
        assert not self.found, "\n".join(f"{what} — {where}" for what, where in self.found.items())

    def _kind(self, address: str) -> str | None:
        """The view and which of its parameters are there: one page of a kind is enough."""
        parts = urlsplit(address)
        urls = "portal.urls.public" if self.host == BASE_HOST else "portal.urls.tenant"
        try:
            match = resolve(parts.path, urlconf=urls)
        except Resolver404:
            return None
        kwargs = {k: v for k, v in match.kwargs.items() if isinstance(v, str) and not v.isdigit()}
        return f"{match.view_name} {kwargs} {sorted(one.split('=')[0] for one in parts.query.split('&'))}"

    def _follow(self, base: str, href: str) -> None:
        href = base.split("?")[0] + href if href.startswith("?") else href
        href = urlsplit(href)._replace(fragment="").geturl()
        if not href.startswith("/admin/") or href.startswith(_CLOSED):
            return
        kind = self._kind(href)
        if kind and not self.seen[kind]:
            self.seen[kind] += 1
            self.waiting.append(href)

    def _press(self, base: str, form: Tag) -> None:
        address = (form.get("action") or base).split("#")[0]
        address = base.split("?")[0] if address.startswith("?") else address
        if form.get("method", "get").lower() != "post" or not address.startswith("/admin/"):
            return
        if address.startswith(_CLOSED):
            return
        for filled in (False, True):
            for button in _buttons(form) if filled else _buttons(form)[:1]:
                kind = f"{self._kind(address)} {button} {filled}"
                if self.seen[kind]:
                    continue
                self.seen[kind] += 1
                data = dict(_fields(form, filled=filled)) | button
                cookies = self.browser.cookies.copy()
                with transaction.atomic():
                    answer = self.browser.post(address, data, follow=True)
                    self._look(answer, f"POST {address} {button}")
                    transaction.set_rollback(True)
                self.browser.cookies = SimpleCookie(cookies)

    def _look(self, answer: HttpResponse, address: str) -> bool:
        kind = answer.headers.get("Content-Type", "")
        if answer.status_code >= 500:
            self.found.setdefault(f"{answer.status_code}", address)
        is_page = "html" in kind or "json" in kind
        # What only scripts read, of requests that no page makes, is no page either.
        if answer.status_code == 400 or answer.streaming or not is_page:
            return False
        html = text_of(answer)
        if "json" in kind:
            said = json.loads(answer.content)
            html = said.get("html", "") if isinstance(said, dict) else ""
        for what in strange_words(html, OWN):
            self.found.setdefault(what, address)
        return "html" in kind


def _buttons(form: Tag) -> list[dict[str, str]]:
    named = [
        {str(one["name"]): str(one.get("value", ""))}
        for one in form.find_all(["button", "input"], attrs={"type": "submit", "name": True})
    ]
    return named or [{}]


def _fields(form: Tag, *, filled: bool) -> Iterator[tuple[str, object]]:
    """What the form would send as it stands, or with all fields of text empty."""
    for field in form.find_all(["input", "textarea", "select"], attrs={"name": True}):
        kind = field.get("type", "text")
        if field.name == "select":
            chosen = [one.get("value", "") for one in field.find_all("option", selected=True)]
            yield str(field["name"]), chosen if filled or field.has_attr("multiple") else ""
        elif kind in {"checkbox", "radio"}:
            if field.has_attr("checked") and filled:
                yield str(field["name"]), field.get("value", "on")
        elif kind not in {"submit", "button", "file"}:
            value = field.get_text() if field.name == "textarea" else field.get("value", "")
            yield str(field["name"]), value if filled or kind == "hidden" else ""

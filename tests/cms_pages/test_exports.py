"""Every list of the admin that can be taken along: readable in Excel, without formulas, in Russian."""

import csv
import datetime
import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.contrib.redirects.models import Redirect

from cms_pages.models import FormEntry, FormField, FormPage, NewsCategory
from portal.formats.tables import XLSX_TYPE
from tests.cms_pages.conftest import add, make_page
from tests.support.factories import PSKOV_HOST, staff_client

FORMULA = "=cmd|'/c calc'!A1"


def export_views(patterns: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """The names of all addresses, of which the view can export, with their views."""
    for one in patterns or get_resolver("portal.urls.tenant").url_patterns:
        if not isinstance(one, URLPattern):
            yield from export_views(one.url_patterns, (*spaces, *filter(None, [one.namespace])))
        elif issubclass(getattr(one.callback, "view_class", object), SpreadsheetExportMixin):
            yield ":".join([*spaces, one.name or ""]), one.callback


@pytest.fixture
def boss(editor, company_administrator):
    """Whoever may open them all: each list that a role of the company sees."""
    company_administrator.groups.add(*Group.objects.all())
    return staff_client(company_administrator, PSKOV_HOST)


@pytest.fixture
def form_page(home) -> FormPage:
    page = add(home, FormPage(title=FORMULA, slug="вопрос", locked=True))
    FormField.objects.create(page=page, label="Ваше имя", field_type="singleline")
    FormField.objects.create(page=page, label="Когда удобно", field_type="date")
    FormField.objects.create(page=page, label="О чём", field_type="checkboxes", choices="a,b")
    name, day, about = (field.clean_name for field in page.form_fields.all())
    answer = {name: FORMULA, day: "2026-11-05", about: ["=1", "б"]}
    submission = FormEntry.objects.create(page=page, form_data=answer)
    FormEntry.objects.filter(pk=submission.pk).update(
        submit_time=datetime.datetime(2026, 11, 5, 22, 30, tzinfo=datetime.UTC)
    )
    return page


def table(answer) -> list[list[str]]:
    text = answer.content.decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:]), delimiter=";"))


def test_every_export_is_the_portals_own(boss, home, form_page):
    make_page(home, FORMULA, slug="x").save_revision().publish()
    NewsCategory.objects.create(name=FORMULA, slug="x")
    Redirect.add_redirect("/old/", "/")
    seen, full = set(), set()
    for name, view in export_views():
        try:
            address = reverse(name, urlconf="portal.urls.tenant")
        except NoReverseMatch:
            continue  # of one object: below
        answer = boss.get(address, {"export": "csv"})
        if answer.status_code in (302, 403, 404):
            continue  # of the central office, or nobody's
        assert answer.status_code == 200, name
        if not answer.headers["Content-Disposition"].startswith("attachment"):
            assert not view.view_class.list_export, name
            continue
        rows = table(answer)
        seen.add(name)
        full |= {name} if len(rows) > 1 else set()
        for heading in rows[0]:
            assert heading and not re.search("[a-z_]{3}", heading), (name, rows[0])
        for cell in (cell for row in rows[1:] for cell in row):
            assert not cell.startswith(("=", "+", "@")), name
            assert not re.search(r"\d{4}-\d\d-\d\d|None|\+00:00|<|True|False", cell), (name, cell)
        sheet = boss.get(address, {"export": "xlsx"})
        assert sheet.headers["Content-Type"] == XLSX_TYPE
        assert all(
            cell.data_type != "f"
            for row in load_workbook(io.BytesIO(sheet.content)).active
            for cell in row
        )
    assert {"wagtailadmin_reports:locked_pages", "wagtailredirects:index"} <= seen
    assert {"wagtailadmin_reports:site_history", "wagtailadmin_reports:aging_pages"} <= full


def test_answers_are_exported_in_the_companys_time(boss, form_page, settings):
    address = f"/admin/forms/submissions/{form_page.pk}/"
    answer = boss.get(address, {"export": "csv"})
    headings, row = table(answer)
    assert headings[1:4] == ["Ваше имя", "Когда удобно", "О чём"]
    assert row[:4] == ["06.11.2026 01:30:00", f"'{FORMULA}", "05.11.2026", "'=1, б"]
    assert "filename*=utf-8''%D0%B2" in answer.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(boss.get(address, {"export": "xlsx"}).content))
    values = list(book.active.values)[1]
    assert values[0] == datetime.datetime(2026, 11, 6, 1, 30)
    assert values[1:3] == (FORMULA, datetime.datetime(2026, 11, 5))

"""No invisible sign gets through a field of a single line, whichever form it stands in."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest
from django import forms
from django.apps import apps
from wagtail.admin.panels import get_edit_handler
from wagtail.models import Page, Site

from cms_pages.models import CompanyRequisites
from portal.staff.services import staff_create
from tests.cms_pages.test_requisites import RIGHT as REQUISITES
from tests.exchange.api import Billing, make_token
from tests.support.factories import PASSWORD, staff_client, text_of

PROJECT = ("portal", "tenants", "cms_pages", "cabinet")
SIGNS = "\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0f\ufeff\u00ad"
NOT_TYPED = {"hidden", "password", "file", "checkbox", "radio", "select"}
# Of several lines; whatever reads a code or an address out of them drops the signs by itself.
TEXTS = {
    *("address", "answer", "body", "choices", "comment", "default_value", "domains", "entry_text"),
    *(
        "footer_text",
        "note",
        "reason",
        "search_description",
        "services",
        "short_text",
    ),
    *("signature", "text", "texts", "words"),
}


def with_signs(text: str) -> str:
    return SIGNS + SIGNS.join(text) + SIGNS


def form_classes() -> Iterator[type[forms.BaseForm]]:
    """Yield every form class there is: the project's, Django's, Wagtail's, those of pages and settings."""
    for package in PROJECT:
        for module in pkgutil.walk_packages([package], f"{package}."):
            if ".settings" not in module.name and ".urls" not in module.name:
                importlib.import_module(module.name)
    yield from editors_forms()
    waiting = [forms.BaseForm]
    while waiting:
        cls = waiting.pop()
        waiting += cls.__subclasses__()
        yield cls


def editors_forms() -> list[type[forms.BaseForm]]:
    models = [
        model
        for model in apps.get_models()
        if model.__module__.startswith(("cms_pages", "tenants.legal")) or issubclass(model, Page)
    ]
    return [get_edit_handler(model).get_form_class() for model in models]


def widgets_of(field: forms.Field) -> list[forms.Widget]:
    widget = field.widget
    return list(widget.widgets) if isinstance(widget, forms.MultiWidget) else [widget]


def test_no_form_takes_them():
    seen, texts, editors = set(), set(), editors_forms()
    for cls in form_classes():
        # Which forms libraries have made by now depends on the tests before this one.
        is_own = cls in editors or cls.__module__.startswith(PROJECT)
        for name, field in getattr(cls, "base_fields", {}).items():
            for widget in widgets_of(field):
                many_lines = type(widget) is forms.Textarea or "AutoHeight" in str(type(widget))
                if is_own and many_lines:
                    texts.add(name)
                if getattr(widget, "input_type", "hidden") not in NOT_TYPED:
                    got = widget.value_from_datadict({name: with_signs("a1")}, {}, name)
                    assert got == "a1", (cls, name)
                    seen.add(f"{cls.__name__}.{name}")
    assert {"StaffLoginForm.username", "CodeForm.code", "SmsCodeForm.code"} <= seen
    assert {"CompanyRequisitesForm.inn", "CentrePhoneForm.number", "InviteForm.email"} <= seen
    assert {"AccountForm.initials", "HistoryFilter.since", "KeyForm.expires_on"} <= seen
    assert texts <= TEXTS, "if it holds codes or addresses, drop the signs where they are read"


def test_a_reading(owner_client, link, account):
    meter = account.meters.get()
    typed = {"shown": "yes", f"value_{meter.pk}": with_signs("1905")}
    owner_client.post(f"/cabinet/{link.pk}/readings/", typed)
    assert meter.readings.filter(origin="portal").get().value == 1905


@pytest.mark.parametrize("kind", ["email", "phone"])
def test_a_login(guest, owner, kind):
    owner.phone = "+79111234567"
    owner.save()
    typed = {"by": kind, kind: with_signs(getattr(owner, kind)), "password": PASSWORD}
    assert guest.post("/cabinet/login/", typed).headers["Location"] == "/cabinet/"


def test_a_login_of_staff(pskov, guest):
    staff_create(username="editor@mail.ru", password=PASSWORD, groups=["Editors"])
    typed = {"username": with_signs("editor@mail.ru"), "password": PASSWORD}
    assert guest.post("/admin/login/", typed).status_code == 302


def test_an_account_and_initials(guest, account):
    typed = {
        "region": "Псковская область",
        "account_number": with_signs("805107"),
        "initials": with_signs("ОЕГ"),
    }
    assert "1900" in text_of(guest.post("/guest/readings/", typed, follow=True))


def test_requisites(pskov, company_administrator):
    client = staff_client(company_administrator)
    address = f"/admin/settings/cms_pages/companyrequisites/{Site.objects.get().pk}/"
    client.post(address, {name: with_signs(value) for name, value in REQUISITES.items()})
    saved = CompanyRequisites.objects.get()
    assert {name: getattr(saved, name) for name in REQUISITES} == REQUISITES


def test_a_parameter_of_the_api(pskov, account):
    assert Billing(make_token(pskov)).rows("readings", f"?after={with_signs('0')}") == []

"""The office writes; Pskov and Novgorod get it. What is queued is delivered by `deliver`."""

from typing import Any

import pytest
from django.test import Client
from django_tenants.utils import schema_context
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page
from wagtail.rich_text import RichText

from cms_pages.models import NewsPage, SharedItem
from cms_pages.shared.delivering import shared_deliver
from cms_pages.shared.sending import shared_send, shared_withdraw
from portal.connection import connection
from portal.staff.models import StaffUser
from tenants.models import GasCompany, SharedDelivery, SharedVersion
from tenants.schemas import in_company
from tests.support.factories import BASE_HOST, staff_client

TEXT = "<p>Проверьте тягу перед тем, как зажечь газ.</p>"


@pytest.fixture(autouse=True)
def _own_media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def office(central_admin) -> Client:
    return staff_client(central_admin, BASE_HOST)


def write(title: str = "Осторожно, газ", text: str = TEXT, **fields: Any) -> SharedItem:
    """A text of the office; in public."""
    with schema_context("public"):
        item = SharedItem(title=title, body=[("text", RichText(text))], **fields)
        item.full_clean()
        item.save()
        return item


def rewrite(item: SharedItem, **fields: Any) -> None:
    with schema_context("public"):
        fresh = SharedItem.objects.get(pk=item.pk)
        if "text" in fields:
            fresh.body[0] = ("text", RichText(fields.pop("text")))
        for name, value in fields.items():
            setattr(fresh, name, value)
        fresh.save()


def picture() -> Image:
    with schema_context("public"):
        return Image.objects.create(title="Котёл", file=get_test_image_file(filename="kotel.png"))


def send(item: SharedItem, *schemas: str, publish: bool = True, new: str = "") -> SharedVersion:
    with schema_context("public"):
        actor = StaffUser.objects.filter(is_superuser=True).first()
        return shared_send(
            item_id=item.pk,
            companies=list(GasCompany.objects.filter(schema_name__in=schemas)),
            publish=publish,
            new_companies=new,
            note="",
            actor=actor,
        )


def withdraw(item: SharedItem) -> None:
    """From all companies."""
    with schema_context("public"):
        actor = StaffUser.objects.filter(is_superuser=True).first()
        shared_withdraw(item_id=item.pk, companies=GasCompany.objects.all(), actor=actor)


def deliver() -> None:
    """In the place of the workers: whatever waits, each in its company."""
    waiting = SharedDelivery.objects.filter(state="waiting").select_related("company")
    for delivery in list(waiting):
        with in_company(delivery.company):
            shared_deliver(delivery_id=delivery.pk)
    back_to_pskov()


def renew(item: SharedItem, text: str = "<p>Откройте окно.</p>", *, publish: bool = True) -> None:
    """The next version, delivered to Pskov."""
    rewrite(item, text=text)
    send(item, "pskov", publish=publish)
    deliver()


def back_to_pskov() -> None:
    connection.set_tenant(GasCompany.objects.get(schema_name="pskov"))


def state(schema: str) -> SharedDelivery:
    return SharedDelivery.objects.get(company__schema_name=schema)


def news(schema: str = "pskov") -> NewsPage:
    with schema_context(schema):
        page = Page.objects.get(pk=state(schema).page).specific
        str(page.body)
        return page


def adapt(schema: str = "pskov", *, publish: bool = True, **fields: Any) -> None:
    """An editor of the company changes its copy."""
    with schema_context(schema):
        page = news(schema).get_latest_revision_as_object()
        for name, value in (fields or {"lead": "В Пскове звоните 104."}).items():
            setattr(page, name, value)
        revision = page.save_revision()
        if publish:
            revision.publish()


@pytest.fixture
def sent(pskov, novgorod, central_admin) -> SharedItem:
    """Published in both companies."""
    item = write()
    send(item, "pskov", "novgorod")
    deliver()
    return item

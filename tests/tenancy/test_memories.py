"""What a process remembers of one company is not another's (tenants/patches.py has the list)."""

import gc

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django_tenants.utils import schema_context
from wagtail.contrib.forms import utils as forms_utils
from wagtail.models import Collection, Locale, Page, Site
from wagtail.permission_policies.base import ModelPermissionPolicy
from wagtail.users import permission_order
from wagtail_modeladmin.helpers import PermissionHelper

from cms_pages.models import FormPage, HomePage
from portal.staff.models import StaffUser
from portal.staff.services import staff_create
from tenants.patches import content_types
from tests.support.factories import NOVGOROD_HOST, PASSWORD, PSKOV_HOST, staff_client, text_of
from tests.support.urls import plain_addresses

# Made by migrations or by provisioning in every schema, so that a remembered one is easily not noticed.
MODELS = (ContentType, Permission, Group, Site, Locale, Collection, Page)
HOSTS = {"pskov": PSKOV_HOST, "novgorod": NOVGOROD_HOST}


def superuser(schema: str) -> StaffUser:
    """Somebody for whom every page of the company's admin opens, past the model's own refusal."""
    with schema_context(schema):
        user = staff_create(username="everything", password=PASSWORD, groups=["Editors"])
        StaffUser.objects.filter(pk=user.pk).update(is_superuser=True)
    return user


def plain_admin_pages() -> list[str]:
    """Every address of the admin without an argument.

    But for the part of a list that scripts ask for, which is made by the same code as the list.
    """
    pages = [page for page in plain_addresses() if page.startswith("/admin/")]
    return [page for page in pages if not page.endswith(("/logout/", "/results/"))]


def remembered_rows() -> list[object]:
    """Rows that are in the memory though no request is answered."""
    content_types.clear_all()  # the one that is known to hold them
    while gc.collect():
        pass
    return [row for row in gc.get_objects() if type(row) in MODELS and row.pk is not None]


def test_no_row_survives_its_request(pskov):
    """Of one company: whatever is remembered of it would be there for the next."""
    client = staff_client(superuser("pskov"), PSKOV_HOST)
    before = remembered_rows()  # what a thread of an earlier test may still hold
    opened = sum(client.get(page).status_code == 200 for page in plain_admin_pages())
    del client
    assert opened > 60
    there = {id(row) for row in before}
    assert [row for row in remembered_rows() if id(row) not in there] == []


def test_ids_of_the_two_companies_differ(pskov, novgorod):
    """Else the other tests would not see a mix-up."""
    for model in MODELS[:-1]:
        here = set(model.objects.values_list("pk", flat=True))
        with schema_context("novgorod"):
            there = set(model.objects.values_list("pk", flat=True))
        assert here and there and not here & there, model


def test_each_company_has_its_own_forms(pskov, novgorod):
    for schema, host in HOSTS.items():
        user = superuser(schema)
        with schema_context(schema):
            home = HomePage.objects.get()
            home.add_child(instance=FormPage(title=f"Вопрос в {schema}", slug="vopros"))
        assert f"Вопрос в {schema}" in text_of(staff_client(user, host).get("/admin/forms/"))


def test_what_wagtail_remembered_is_asked_of_each_schema(pskov, novgorod, monkeypatch):
    monkeypatch.setattr(permission_order, "content_types_to_register", [(Group, 1)])
    policy, helper = ModelPermissionPolicy(Collection), PermissionHelper(Site)
    for schema in HOSTS:
        with schema_context(schema):
            asked = policy._content_type  # noqa: SLF001
            assert asked.pk == ContentType.objects.get(model="collection").pk
            form = ContentType.objects.get(app_label="cms_pages", model="formpage")
            assert [one.pk for one in forms_utils.get_form_types()] == [form.pk]
            group = ContentType.objects.get(app_label="auth", model="group")
            assert permission_order.get_content_type_order_lookup() == {group.pk: 1}
            Permission.objects.filter(content_type__model="site", codename="add_site").delete()
            assert "add_site" not in helper.all_permission_codenames


@pytest.mark.parametrize("schema", HOSTS)
def test_a_policy_finds_who_may(pskov, novgorod, schema):
    """`users_with_permission` asks by content type; the second company got nobody."""
    with schema_context(schema):
        user = staff_create(username="sites", password=PASSWORD, groups=["Editors"])
        user.user_permissions.add(Permission.objects.get(codename="change_site"))
        assert user in SITES.users_with_permission("change")


SITES = ModelPermissionPolicy(Site)

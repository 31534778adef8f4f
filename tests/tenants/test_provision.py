"""A new company by a copy of the template: the same as a migrated one, or nothing at all."""

import re

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django_tenants.utils import schema_context, schema_exists
from wagtail.models import Site

from cabinet.appeals.models import AppealKind
from cms_pages.brand.models import BrandSettings
from cms_pages.pages.text import StandardPage
from portal.connection import connection
from portal.staff.models import StaffUser
from tenants import events
from tenants.models import Domain, GasCompany
from tenants.services import CompanyExists, ProvisioningError, TemplateStale, company_provision

TVER = {
    "schema_name": "tver",
    "name": "ООО «Газпром межрегионгаз Тверь»",
    "regions": ["Тверская область"],
    "domain": "tver.gas.localhost",
}

# Everything that the catalogues know of a schema, without the schema's name.
DESCRIPTIONS = {
    "columns": """
        SELECT table_name, column_name, data_type, udt_name, character_maximum_length,
            numeric_precision, numeric_scale, is_nullable, column_default, is_identity,
            identity_generation, is_generated, generation_expression, collation_name
        FROM information_schema.columns WHERE table_schema = %(schema)s""",
    "column order": """
        SELECT relname, attname, row_number() OVER (PARTITION BY relname ORDER BY attnum)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
        WHERE relnamespace = %(schema)s::regnamespace AND relkind = 'r'
            AND attnum > 0 AND NOT attisdropped""",
    "constraints": """
        SELECT relname, conname, contype::text, condeferrable, condeferred, convalidated,
            pg_get_constraintdef(pg_constraint.oid)
        FROM pg_constraint JOIN pg_class ON pg_class.oid = conrelid
        WHERE connamespace = %(schema)s::regnamespace""",
    "indexes": """
        SELECT relname, pg_get_indexdef(indexrelid, 0, true), indisunique, indisprimary
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
        WHERE relnamespace = %(schema)s::regnamespace""",
    "sequences": """
        SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by,
            cycle, cache_size
        FROM pg_sequences WHERE schemaname = %(schema)s""",
    "sequence owners": """
        SELECT pg_class.relname, owner.relname, attname
        FROM pg_class JOIN pg_depend ON objid = pg_class.oid AND deptype = 'i'
        JOIN pg_class owner ON owner.oid = refobjid
        JOIN pg_attribute ON attrelid = owner.oid AND attnum = refobjsubid
        WHERE pg_class.relnamespace = %(schema)s::regnamespace AND pg_class.relkind = 'S'""",
    "migrations": 'SELECT app, name FROM "{schema}".django_migrations',
}


# PostgreSQL describes `status IN ('a', 'b')` with its casts in another place once it has read its own
# description; what the condition says is the same.
CASTS = re.compile(r"::(character varying|text)(\[\])?")


def describe(schema: str) -> dict[str, list[tuple]]:
    with schema_context(schema), connection.cursor() as cursor:
        found = {}
        for what, query in DESCRIPTIONS.items():
            cursor.execute(query.format(schema=schema), {"schema": schema})
            found[what] = sorted(
                (
                    tuple(CASTS.sub("", one) if isinstance(one, str) else one for one in row)
                    for row in cursor.fetchall()
                ),
                key=repr,
            )
        return found


def test_a_copy_is_identical_to_a_migrated_schema(db):
    """The template that new companies are copied from is what migrations alone have made."""
    company_provision(**TVER)
    copied, migrated = describe("tver"), describe(settings.TENANT_BASE_SCHEMA)
    for what in DESCRIPTIONS:
        assert copied[what], what
        assert copied[what] == migrated[what], what


def test_a_copy_goes_on_where_the_template_stopped(db):
    """Ids in the copy: the next row of a table with copied rows does not collide."""
    company_provision(**TVER)
    with schema_context("tver"):
        from django.contrib.auth.models import Group
        from wagtail.models import Collection

        Group.objects.create(name="Новая группа")
        Collection.get_first_root_node().add_child(name="Новая коллекция")


def test_every_table_of_the_copy_points_into_the_copy(db):
    company_provision(**TVER)
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT conname FROM pg_constraint
            JOIN pg_class target ON target.oid = confrelid
            WHERE connamespace = 'tver'::regnamespace AND contype = 'f'
                AND target.relnamespace <> 'tver'::regnamespace"""
        )
        assert cursor.fetchall() == []


def test_the_template_is_clean(db):
    with schema_context(settings.TENANT_BASE_SCHEMA), connection.cursor() as cursor:
        for table in ("staff_staffuser", "django_session", "accounts_personalaccount"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table


def test_the_new_company_works(db):
    company_provision(**TVER, time_zone="Asia/Kamchatka", open_at_once=True)
    answer = Client(headers={"host": "tver.gas.localhost"}).get("/")
    assert answer.status_code == 200
    assert "Тверь" in answer.content.decode()


def test_a_stale_template_is_refused(db):
    with schema_context(settings.TENANT_BASE_SCHEMA), connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'meters'")
    with pytest.raises(TemplateStale, match=r"meters\.0001_initial"):
        company_provision(**TVER)
    assert not schema_exists("tver")


def test_a_failure_half_way_leaves_nothing(db, monkeypatch):
    def fail(company: GasCompany) -> None:
        raise RuntimeError("the last step")

    monkeypatch.setattr(events, "STEPS", [*events.STEPS, fail])
    with pytest.raises(RuntimeError):
        company_provision(**TVER)
    assert not schema_exists("tver")
    assert not GasCompany.objects.filter(schema_name="tver").exists()
    assert not Domain.objects.filter(domain="tver.gas.localhost").exists()


def test_the_same_again_says_that_it_exists(db, capsys):
    with pytest.raises(CompanyExists):
        company_provision(**{**TVER, "schema_name": "pskov"})
    arguments = ["pskov", "--name", "x", "--region", "y", "--domain", "pskov.gas.localhost"]
    call_command("tenant_provision", *arguments)
    assert "Компания «pskov» уже есть" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name",
    [
        "public",
        "information_schema",
        "pg_x",
        "tenant_template",
        "Псков",
        "a b",
        'a"b',
        "x" * 60,
        "",
    ],
)
def test_a_schema_name_is_checked(db, name):
    with pytest.raises(ProvisioningError):
        company_provision(**{**TVER, "schema_name": name})
    assert not GasCompany.objects.filter(schema_name=name).exists()


def test_a_company_is_set_up_like_another(pskov):
    home = Site.objects.get(is_default_site=True).root_page
    home.add_child(instance=StandardPage(title="Как подключиться", slug="kak-podklyuchitsya"))
    AppealKind.objects.exclude(pk=AppealKind.objects.first().pk).delete()
    brand = BrandSettings.for_site(Site.objects.get(is_default_site=True))
    brand.brand_colour, brand.phone = "#123456", "+78112595050"
    brand.save()
    with pytest.raises(ProvisioningError, match="того же вида"):
        company_provision(**TVER, set_up_as="pskov", kind="capital_repair")
    connection.set_schema_to_public()
    company_provision(**TVER, set_up_as="pskov")
    with schema_context("tver"):
        site = Site.objects.get(is_default_site=True)
        page = StandardPage.objects.get(slug="kak-podklyuchitsya")
        assert (page.title, page.live) == ("Как подключиться", False)
        taken = BrandSettings.for_site(site)
        assert (taken.brand_colour, taken.phone) == ("#123456", "")
        kind = AppealKind.objects.get()
        assert kind.questions.exists()
        assert not StaffUser.objects.exists()


def test_a_region_is_one_of_the_list(db):
    with pytest.raises(ProvisioningError, match="Тверская губерния"):
        company_provision(**{**TVER, "regions": ["Тверская губерния"]})


@pytest.mark.parametrize(
    "domain", ["PSKOV.gas.localhost.", "gas.localhost", "не домен", "", "a..b", "x.ru/path"]
)
def test_a_domain_is_checked(db, domain):
    with pytest.raises(ProvisioningError):
        company_provision(**{**TVER, "domain": domain})


def test_a_cyrillic_domain_is_known_by_its_ascii_name(db):
    company_provision(**{**TVER, "domain": "Тверь.газ.рф"})
    domain = Domain.objects.get(tenant__schema_name="tver").domain
    assert domain == "Тверь.газ.рф".lower().encode("idna").decode()


def test_saving_a_row_makes_no_schema(db):
    """Trap 7: saving an archived row made its schema again."""
    company = GasCompany.objects.create(schema_name="ghost", name="Призрак", status="archived")
    company.save()
    assert not schema_exists("ghost")


def test_the_command_reports_bad_input(db):
    with pytest.raises(CommandError, match="адрес"):
        call_command(
            "tenant_provision", "tver", "--name", "Т", "--region", "Т", "--domain", "gas.localhost"
        )

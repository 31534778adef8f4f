"""Fills the demo's database: `python -m devtools.demo.prepare`. Doing it again changes nothing.

A process of its own, because the supervisor must be able to start before there is a database.
"""

import sys
import tempfile
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command

from devtools.demo.data.appeals import appeals_create
from devtools.demo.data.applications import applications_create
from devtools.demo.data.appointments import appointments_create
from devtools.demo.data.bills import bill_pictures_write
from devtools.demo.data.bots import bot_create
from devtools.demo.data.centres import centres_create
from devtools.demo.data.companies import COMPANIES, DemoCompany, requisites_create
from devtools.demo.data.connection import connection_create
from devtools.demo.data.delegates import delegate_create
from devtools.demo.data.incidents import incidents_create
from devtools.demo.data.logins import (
    exchange_keys_create,
    staff_logins_create,
    subscriber_logins_create,
)
from devtools.demo.data.mailings import mailings_begin
from devtools.demo.data.past import past_create
from devtools.demo.data.queues import queues_fill
from devtools.demo.data.shops import shops_create
from devtools.demo.machine import BILLS, SAMPLES
from devtools.garbage import search_seldom

# Enough for lists to have pages, and loaded in a second or two.
_ACCOUNTS, _MONTHS, _SEED = 300, 24, 2026
_LAST_MONTH, _AS_OF = "2026-10", "2026-11-05T06:00:00+03:00"


def prepare() -> None:
    """Fill the database. Raises CommandError."""
    _say("миграции")
    call_command("tenants_migrate")
    for company in COMPANIES:
        _say(f"компания {company.host}")
        _provision(company)
        _paint(company)
        _speak_at_any_hour(company)
        requisites_create(company.schema)
        centres_create(company.schema)
        _write(company)
        accounts_load(company)
    _say("сотрудники и абоненты")
    call_command("staff_roles")
    staff_logins_create()
    subscriber_logins_create()
    applications_create()
    queues_fill()
    delegate_create()
    mailings_begin()
    appeals_create()
    incidents_create()
    connection_create()
    appointments_create()
    shops_create()
    past_create()
    _share()
    exchange_keys_create()
    bot_create()
    bill_pictures_write(BILLS)
    _count_the_fleet()


def _count_the_fleet() -> None:
    """Count the fleet now: beat would leave the page empty for five minutes."""
    from tenants.fleet import fleet_count
    from tenants.models import GasCompany
    from tenants.office.months import months_count
    from tenants.schemas import in_company

    for company in GasCompany.objects.filter(status=GasCompany.Status.ACTIVE):
        with in_company(company):
            fleet_count(company)
            months_count(company)


def _provision(company: DemoCompany) -> None:
    options = {
        "--name": company.name,
        "--region": company.region,
        "--domain": company.host,
        "--kind": company.kind,
        "--time-zone": company.time_zone,
    }
    words = [word for option in options.items() for word in option]
    call_command("tenant_provision", company.schema, "--open", *words)


def _paint(company: DemoCompany) -> None:
    from django_tenants.utils import schema_context
    from wagtail.models import Site

    from cms_pages.models import BrandSettings

    brand, accent = company.colours
    with schema_context(company.schema):
        BrandSettings.objects.get_or_create(
            site=Site.objects.get(is_default_site=True),
            defaults={
                "brand_colour": brand,
                "accent_colour": accent,
                "phone": company.phone,
            },
        )


def _speak_at_any_hour(company: DemoCompany) -> None:
    """Let the demo's SMS come at night too: somebody may look at it then."""
    from django_tenants.utils import schema_context
    from wagtail.models import Site

    from portal.messaging.models import MessageSettings

    with schema_context(company.schema):
        MessageSettings.objects.get_or_create(
            site=Site.objects.get(is_default_site=True),
            defaults={"quiet_from": 0, "quiet_until": 0},
        )


def _write(company: DemoCompany) -> None:
    from devtools.demo.site.load import site_sample_load

    site_sample_load(company)


def _share() -> None:
    from devtools.demo.site.shared import shared_sample_load

    shared_sample_load()


def _say(text: str) -> None:
    sys.stdout.write(f"  · {text}\n")
    sys.stdout.flush()


def accounts_load(company: DemoCompany) -> None:
    """Load the samples of a company and made-up accounts beside them, once.

    Raises CommandError.
    """
    if (samples := SAMPLES / company.schema).exists():
        call_command("billing_import", company.schema, str(samples))
    if not _has_neighbours(company):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "neighbours"
            call_command(
                "billing_sample",
                company.schema,
                str(path),
                *("--accounts", str(_ACCOUNTS), "--months", str(_MONTHS), "--seed", str(_SEED)),
                *("--last-month", _LAST_MONTH, "--as-of", _AS_OF),
            )
            call_command("billing_import", company.schema, str(path))


def _has_neighbours(company: DemoCompany) -> bool:
    """Return whether the made-up accounts are loaded: a refused package would stop the demo."""
    from django_tenants.utils import schema_context

    from cabinet.exchange.models import Package

    with schema_context(company.schema):
        made_up = Package.objects.filter(package_id__startswith=f"{company.schema}-sample-")
        return made_up.filter(state=Package.State.APPLIED).exists()


if __name__ == "__main__":
    django.setup()
    if not settings.DEMO:
        sys.exit("Демонстрационные данные не создаются с рабочими настройками.")
    search_seldom()
    try:
        prepare()
    except CommandError as error:
        _say(f"ошибка: {error}")
        sys.exit(1)

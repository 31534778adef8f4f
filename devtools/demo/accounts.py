"""What billing would send: the hand-written packages of `samples/`, and made-up neighbours."""

import tempfile
from pathlib import Path

from django.core.management import call_command

from devtools.demo.companies import DemoCompany
from devtools.demo.places import SAMPLES

# Enough for lists to have pages, and loaded in a second or two.
_ACCOUNTS, _MONTHS, _SEED = 300, 24, 2026
_LAST_MONTH, _AS_OF = "2026-10", "2026-11-05T06:00:00+03:00"


def accounts_load(company: DemoCompany) -> None:
    """Doing it again changes nothing. Raises CommandError."""
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
    """Whether they were loaded before: a package that is refused now would stop the demo."""
    from django_tenants.utils import schema_context

    from cabinet.exchange.models import Package

    with schema_context(company.schema):
        made_up = Package.objects.filter(package_id__startswith=f"{company.schema}-sample-")
        return made_up.filter(state=Package.State.APPLIED).exists()

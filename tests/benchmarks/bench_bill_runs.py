"""A month's bills, from billing's tables to files and their rows, against the rendering alone, in one run.

`BILL_ACCOUNTS=10000` asks for more. The accounts are those of `billing_sample`; each has a subscriber by
e-mail. One process, whose printer has laid out the shapes before the clock starts; memory stays flat.
"""

import datetime
import json
import os
import resource
import sys
import time
import uuid
from pathlib import Path

from django.core.management import call_command
from django.db import connections

from cabinet.accounts.models import PersonalAccount
from cabinet.bills.many import runs
from cabinet.bills.many.parts import part_work, printer_of
from cabinet.bills.models import BillFile, BillRun
from cabinet.bills.pdf.look import bill_look
from cabinet.bills.selectors import bill_documents
from cabinet.exchange.package.apply import package_apply
from cabinet.subscriptions.models import Subscription
from portal.uploads.services import private_storage
from tenants.models import GasCompany
from tenants.schemas import in_company

ACCOUNTS = int(os.environ.get("BILL_ACCOUNTS", "3000"))
FEW = ACCOUNTS // 3
MONTH = datetime.date(2026, 11, 1)
READ_AT_ONCE = 500


def say(text: str) -> None:
    sys.stdout.write(f"\n{text}")


def in_process(company: GasCompany) -> dict[str, float]:
    """Render all bills in a process of its own: alone, then as a run. Return what both took."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with in_company(company):
                found = {"layouts": rendering_alone()[0]}
                found["alone"], found["bills"] = rendering_alone()
                found["run"], found["written"] = whole_run()
                found["again"], found["more"] = whole_run()
            found["peak"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            os.write(writing, json.dumps(found).encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    answer: dict[str, float] = json.loads(os.read(reading, 1000))
    return answer


def rendering_alone() -> tuple[float, int]:
    """Return the seconds in which documents that were read become PDFs, and how many.

    The first time lays the shapes out.
    """
    printer = printer_of(bill_look())
    accounts = list(runs.accounts_by_mail().order_by("pk"))
    took, bills = 0.0, 0
    for start in range(0, len(accounts), READ_AT_ONCE):
        documents = bill_documents(accounts[start : start + READ_AT_ONCE], MONTH)
        started = time.perf_counter()
        for document in documents:
            printer.render(document)
        took += time.perf_counter() - started
        bills += len(documents)
    return took, bills


def whole_run() -> tuple[float, int]:
    """Return the seconds of a run: documents, PDFs, files, rows; and how many bills."""
    before = BillFile.objects.count()
    started = time.perf_counter()
    run = runs.run_begin(MONTH)
    while part_work(run.pk):
        pass
    took = time.perf_counter() - started
    run.refresh_from_db()
    assert run.finished_at and not run.problems.exists()
    return took, BillFile.objects.count() - before


def subscribe(count: int) -> None:
    known = Subscription.objects.values("account")
    accounts = PersonalAccount.objects.exclude(pk__in=known).filter(closed_on=None).order_by("pk")
    Subscription.objects.bulk_create(
        (
            Subscription(subscriber_id=uuid.uuid4(), account=account, kind="bill")
            for account in accounts[:count]
        ),
        batch_size=2000,
    )


def files_clear() -> None:
    for file in BillFile.objects.iterator():
        private_storage().delete(file.path)
    BillFile.objects.all().delete()
    BillRun.objects.all().delete()


def bench_bill_runs(own_db: str, tmp_path: Path, settings) -> None:
    settings.PRIVATE_ROOT = tmp_path / "private"
    company = GasCompany.objects.get(schema_name="pskov")
    package = tmp_path / "package"
    call_command(
        *("billing_sample", "pskov", str(package), "--last-month", "2026-10", "--months", "2"),
        accounts=ACCOUNTS,
    )
    package_apply(company=company, path=package)
    with in_company(company):
        subscribe(FEW)
        few = in_process(company)
        files_clear()
        subscribe(ACCOUNTS)
        all_of_them = in_process(company)
        bills, took, alone = (all_of_them[name] for name in ("bills", "run", "alone"))
        size = sum(BillFile.objects.values_list("size", flat=True)) / bills
        say(f"first time, with its layouts: {all_of_them['layouts']:.1f} s for {bills} bills")
        say(f"rendering alone: {bills / alone:.0f} bills a second")
        say(
            f"documents, PDFs, files and rows: {bills / took:.0f} a second;"
            f" ratio {took / alone:.2f}; {size / 1024:.1f} KB a bill"
        )
        say(f"run again, nothing to render: {bills / all_of_them['again']:.0f} a second")
        more = all_of_them["peak"] - few["peak"]
        say(f"peak of memory: {few['peak']} KB with {few['bills']} bills, {more} KB more with all")
        connections.close_all()
        assert bills == all_of_them["written"] and not all_of_them["more"]
        assert more < 40_000

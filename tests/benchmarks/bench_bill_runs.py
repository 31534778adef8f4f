"""A month's bills, from billing's tables to files and their rows, against the rendering alone, in one run.

`BILL_ACCOUNTS=10000` asks for more. The accounts are those of `billing_sample`; each has a subscriber by
e-mail. One process; memory stays flat.
"""

import datetime
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
from cabinet.bills.models import BillFile
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


def in_process(company: GasCompany, work: str) -> tuple[float, int, int]:
    """Work in a process of its own; return its seconds, how many bills, and its peak of memory, KB."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            with in_company(company):
                took, bills = {"render": rendering_alone, "run": whole_run}[work]()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            os.write(writing, f"{took} {bills} {peak}".encode())
            os._exit(0)
        finally:
            os._exit(1)
    os.waitpid(child, 0)
    took_text, bills_text, peak_text = os.read(reading, 100).decode().split()
    return float(took_text), int(bills_text), int(peak_text)


def rendering_alone() -> tuple[float, int]:
    """Return the seconds in which documents that were read become PDFs, and how many."""
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
    runs.BillRun.objects.all().delete()


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
        _, few, few_peak = in_process(company, "run")
        files_clear()
        subscribe(ACCOUNTS)
        alone, bills, _ = in_process(company, "render")
        took, written, peak = in_process(company, "run")
        again, more, _ = in_process(company, "run")
        size = sum(BillFile.objects.values_list("size", flat=True)) / max(written, 1)
        say(f"rendering alone: {bills} bills, {bills / alone:.0f} a second")
        say(
            f"documents, PDFs, files and rows: {written / took:.0f} a second;"
            f" ratio {took / alone:.2f}; {size / 1024:.1f} KB a bill"
        )
        say(f"run again, nothing to render: {written / again:.0f} a second")
        say(f"peak of memory: {few_peak} KB with {few}, {peak} KB with {written}")
        connections.close_all()
        assert bills == written and more == 0
        assert peak - few_peak < 40_000

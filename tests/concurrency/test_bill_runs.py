"""A month's bills by several workers, killed ones, and a command: each rendered once, each told once."""

import datetime
import io
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pikepdf
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connections

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.as_of import files_as_of_note
from cabinet.bills.mailing.bill_mailing import bills_mail, bills_mailing_begin
from cabinet.bills.many import parts, runs
from cabinet.bills.models import BillFile, BillPart, BillProblem, BillRun
from cabinet.subscribers.models import Subscriber
from cabinet.subscriptions.models import Mailing, Subscription
from portal.connection import connection
from portal.messaging.models import Message
from portal.messaging.sending import messages_drain
from portal.uploads.services import private_storage
from tenants.models import GasCompany
from tenants.schemas import in_company
from tests.support.factories import make_account, make_charge, make_link, make_subscriber
from tests.support.inbox import smtp_server
from tests.support.mailings import now_due, work_off
from tests.support.processes import die_before, forked, wait_for
from tests.support.threads import in_threads

ACCOUNTS = 5
OCTOBER, NOVEMBER = datetime.date(2026, 10, 1), datetime.date(2026, 11, 1)


class Paper:
    """Prints a bill quickly: a PDF of one empty page that names the account."""

    def __init__(self, look: Any) -> None:
        pass

    def render(self, document: Any) -> bytes:
        with pikepdf.new() as pdf:
            pdf.add_blank_page()
            pdf.docinfo["/Subject"] = document.payer.account_number
            content = io.BytesIO()
            pdf.save(content, deterministic_id=True)
        return content.getvalue()


@pytest.fixture
def company(own_db: str, monkeypatch) -> Iterator[GasCompany]:
    monkeypatch.setattr(parts, "BATCH", 2)
    monkeypatch.setattr(runs, "PART", 2)
    monkeypatch.setattr(parts, "BillPrinter", Paper)
    parts.printer_of.cache_clear()
    company = GasCompany.objects.get(schema_name="pskov")
    with in_company(company):
        files_as_of_note(["charges.csv"], datetime.datetime.fromisoformat("2026-11-02T09:00+03:00"))
        for number in range(ACCOUNTS):
            account = make_account(f"80510{number}")
            person = make_subscriber(f"a-{number}@mail.ru")
            make_link(person, company, account)
            make_charge(account, OCTOBER, accrued=f"{number + 1}.50")
            Subscription.objects.create(subscriber_id=person.pk, account=account, kind="bill")
    yield company
    parts.printer_of.cache_clear()
    connections.close_all()


def rendered_once(accounts: int = ACCOUNTS) -> None:
    """Each account has one file, which is there with its own bytes, and nothing else lies beside it."""
    files = list(BillFile.objects.all())
    assert Counter(one.account_id for one in files) == dict.fromkeys(
        PersonalAccount.objects.filter(subscriptions__kind="bill").values_list("pk", flat=True), 1
    )
    assert len(files) == accounts and {one.state for one in files} == {"current"}
    for file in files:
        with private_storage().open(file.path) as content, pikepdf.open(content) as pdf:
            assert str(pdf.docinfo["/Subject"]) == file.account.account_number
    assert stored() == sorted(one.path for one in files)


def stored(folder: str = "bills") -> list[str]:
    try:
        folders, files = private_storage().listdir(folder)
    except FileNotFoundError:
        return []
    inner = [path for one in folders for path in stored(f"{folder}/{one}")]
    return sorted([*inner, *(f"{folder}/{one}" for one in files)])


def files_clear() -> None:
    for path in stored():
        private_storage().delete(path)
    BillRun.objects.all().delete()
    BillFile.objects.all().delete()


def killed_at(number: int, company: GasCompany, work: Any) -> bool:
    """Work in a process of its own that dies before this statement; False when it came to its end."""

    def until_then() -> None:
        with in_company(company), connection.execute_wrapper(die_before(number)):
            work()

    return os.waitstatus_to_exitcode(os.waitpid(forked(until_then), 0)[1]) != 0


def test_killed_before_each_statement(company):
    """What is rendered stays; no file is left without a row."""
    for number in range(1, 400, 3):
        with in_company(company):
            files_clear()
            run = runs.run_begin(NOVEMBER)

            def all_parts(run=run) -> None:
                while parts.part_work(run.pk):
                    pass

            was_killed = killed_at(number, company, all_parts)

            def is_over(run=run, all_parts=all_parts) -> bool:
                runs.runs_sweep()
                BillPart.objects.filter(due_at__isnull=False).update(
                    due_at="2020-01-01T00:00+03:00"
                )
                all_parts()
                run.refresh_from_db()
                return run.finished_at is not None

            wait_for(is_over)
            rendered_once()
            assert set(BillPart.objects.values_list("state", flat=True)) == {"done"}
        if not was_killed:
            break
    else:
        raise AssertionError("never came to its end")
    assert number > 60


def test_killed_on_the_way_to_a_real_mailbox(company, settings):
    """From the first statement of the mailing to the last letter: one a person, with its own bill."""
    with smtp_server(settings) as inbox, in_company(company):
        for number in range(1, 900, 29):
            inbox.letters.clear()
            files_clear()
            Mailing.objects.all().delete()
            mailing, _ = bills_mailing_begin(NOVEMBER)

            def all_of_it(mailing=mailing) -> None:
                bills_mail(mailing.pk)
                run = BillRun.objects.get()
                while parts.part_work(run.pk):
                    pass
                bills_mail(mailing.pk)
                messages_drain()

            was_killed = killed_at(number, company, all_of_it)

            def is_over(mailing=mailing) -> bool:
                work_off()
                due = Message.objects.filter(due_at__isnull=False)
                due.update(due_at="2020-01-01T00:00+03:00")
                messages_drain()
                mailing.refresh_from_db()
                return mailing.state == "done" and not due.exists()

            wait_for(is_over)
            rendered_once()
            got = {letter["To"]: letter for letter in inbox.letters}
            sent = Message.objects.filter(mailing=mailing.pk, state="sent").count()
            assert len(inbox.letters) == len(got)
            assert Message.objects.filter(mailing=mailing.pk).count() == ACCOUNTS
            assert sent >= ACCOUNTS - 1  # one whose worker died may have been taken or not
            for address, letter in got.items():
                (file,) = letter.iter_attachments()
                account = f"80510{address[2]}"
                assert file.get_filename() == f"Квитанция {account} за ноябрь 2026.pdf"
                with pikepdf.open(io.BytesIO(file.get_content())) as pdf:
                    assert str(pdf.docinfo["/Subject"]) == account
            if not was_killed:
                assert len(got) == ACCOUNTS
                break
        else:
            raise AssertionError("never came to its end")
    assert number > 100


def test_workers_and_the_command_at_once(company):
    """Nobody renders what another has; all end when the run is over."""
    with in_company(company):
        mailing, _ = bills_mailing_begin(NOVEMBER)
        run = runs.run_begin(NOVEMBER)

    def worker() -> None:
        with in_company(company):
            bills_mail(mailing.pk)
            while parts.part_work(run.pk):
                pass
            now_due()
            bills_mail(mailing.pk)

    def command() -> None:
        call_command("bills_render", "pskov", "2026-11", processes=2, stdout=io.StringIO())

    assert in_threads(worker, worker, command) == []
    with in_company(company):
        files = BillFile.objects.all()
        assert Counter(files.values_list("account", flat=True)) == dict.fromkeys(
            PersonalAccount.objects.values_list("pk", flat=True), 1
        )
        assert sum(BillPart.objects.values_list("accounts_done", flat=True)) == ACCOUNTS
        work_off()
        wanted = Subscriber.objects.filter(email__startswith="a-").values_list("pk", flat=True)
        told = Message.objects.filter(mailing=mailing.pk).values_list("person", flat=True)
        assert Counter(told) == dict.fromkeys(wanted, 1)


def test_a_bad_bill_is_reported_and_stops_nobody(company, monkeypatch):
    class Torn(Paper):
        def render(self, document: Any) -> bytes:
            if document.payer.account_number == "805102":
                raise ValueError("Иванов Иван")
            return super().render(document)

    with in_company(company):
        monkeypatch.setattr(parts, "BillPrinter", Torn)
        mailing, _ = bills_mailing_begin(NOVEMBER)
        work_off()
        mailing.refresh_from_db()
        assert (mailing.state, mailing.people) == ("done", ACCOUNTS)
        problem = BillProblem.objects.get()
        assert (problem.account.account_number, problem.error) == ("805102", "ValueError")
        assert BillFile.objects.count() == ACCOUNTS - 1
        files = {one.recipient: len(one.all_files) for one in Message.objects.all()}
        assert files == {f"a-{n}@mail.ru": int(n != 2) for n in range(ACCOUNTS)}
        parts.printer_of.cache_clear()
        monkeypatch.setattr(parts, "BillPrinter", Paper)
        assert runs.problems_retry(BillRun.objects.get().pk) == 1
        work_off()
        assert not BillProblem.objects.exists() and BillFile.objects.count() == ACCOUNTS
        assert Message.objects.count() == ACCOUNTS  # nobody is written to twice


def test_the_command_renders_what_is_missing_or_has_changed(company):
    said = io.StringIO()

    def render() -> str:
        said.truncate(said.seek(0))
        call_command("bills_render", "pskov", "2026-11", processes=1, stdout=said)
        return said.getvalue()

    assert f"готово {ACCOUNTS}, без изменений 0" in render()
    assert f"готово 0, без изменений {ACCOUNTS}" in render()
    with in_company(company):
        gone, changed, *_ = BillFile.objects.order_by("account")
        private_storage().delete(gone.path)
        make_charge(changed.account, OCTOBER, accrued="100.00", service="to")
    assert f"готово 2, без изменений {ACCOUNTS - 2}" in render()
    with in_company(company):
        current = BillFile.objects.filter(state="current")
        assert current.count() == ACCOUNTS and BillFile.objects.filter(state="old").count() == 2
        assert str(current.get(account=changed.account).total) == "102.50"
    with pytest.raises(CommandError, match="Компании «omsk» нет"):
        call_command("bills_render", "omsk", "2026-11")
    with pytest.raises(CommandError):
        call_command("bills_render", "pskov", "2026-13")

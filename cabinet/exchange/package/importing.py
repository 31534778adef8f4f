"""The steps of one import: stage, check, set rejected rows aside, merge."""

import datetime
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import Error, transaction
from django.db.models import Sum
from django.utils import timezone
from psycopg.sql import SQL

from cabinet.accounts.models import PersonalAccount
from cabinet.billing.models import BillingPayment, Charge
from cabinet.exchange.exceptions import (
    MassCloseRefused,
    PackageRefused,
    PackageTooLarge,
    Problem,
)
from cabinet.exchange.files.accounts import ACCOUNTS
from cabinet.exchange.files.charges import CHARGES
from cabinet.exchange.files.declaration import Prune
from cabinet.exchange.files.payments import PAYMENTS
from cabinet.exchange.package.checks import check_file, needs_all_lines
from cabinet.exchange.package.merge import FileCounts, merge_file, prune_preview
from cabinet.exchange.package.opening import OpenPackage
from cabinet.exchange.package.progress import ProgressMeter, Step
from cabinet.exchange.package.rejects import RejectFile, package_refused
from cabinet.exchange.package.sql import Staged, bulk_transaction, execute, table
from cabinet.exchange.package.staging import stage_again, stage_file, staging_drop, staging_prepare
from portal.formats.dates import long_moment, month_after, month_name
from portal.formats.numbers import grouped, rubles

MASS_CLOSE_PART = 10
CLOCKS_DIFFER = datetime.timedelta(days=1)
# From so many changed rows on, pages and the next import would plan for a table that is no more.
MANY_ROWS = 10_000


@dataclass
class Result:
    """The result of an import: rows by file, rows rejected, and notes in Russian."""

    rejected_rows: int = 0
    counts: dict[str, FileCounts] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    # Of a check: what, before and after, as people read it.
    sums: list[tuple[str, str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Import:
    """An import of one package into the company whose schema is entered.

    `rejects`: where bad rows go; without it they refuse the package. `is_check`: do all of it, and take
    back what was written.
    """

    opened: OpenPackage
    rejects: RejectFile | None
    allow_mass_close: bool
    meter: ProgressMeter
    is_check: bool = False

    def run(self, applied: Callable[[Result], None]) -> Result:
        """Stage, check and merge; `applied` is called in the transaction that merges, before its commit.

        Raises PackageRefused; then, as after any other error, nothing is changed.
        """
        try:
            staging_prepare()
            package = self._staged()
            self._check(package)
            result = Result(rejected_rows=sum(staged.rejected for staged in package))
            self._note_the_future(result)
            result.notes += filter(
                None, (one.cleaned.note(one.declaration.name) for one in package)
            )
            self._set_aside(package)
            if self.is_check:
                self._try(package, result)
                applied(result)
                return result
            with bulk_transaction():
                self._merge(package, result)
                applied(result)
                if self.rejects:
                    self.rejects.publish()
            self._refresh_statistics(result)
            return result
        finally:
            with suppress(Error):  # the connection is gone: the next import clears up
                staging_drop()

    def _try(self, package: list[Staged], result: Result) -> None:
        """Merge, look at what came of it, and take it back."""
        names = [staged.declaration.name for staged in package]
        day = timezone.localdate(self.opened.manifest.as_of)
        before = _company_sums(names, day)
        with bulk_transaction():
            self._merge(package, result)
            after = _company_sums(names, day)
            transaction.set_rollback(True)
        result.sums = [
            (one.label, one.value, then.value) for one, then in zip(before, after, strict=True)
        ]
        if self.rejects:
            self.rejects.publish()

    def _note_the_future(self, result: Result) -> None:
        if self.opened.manifest.as_of > timezone.now() + CLOCKS_DIFFER:
            moment = long_moment(self.opened.manifest.as_of)
            result.notes.append(
                f"Данные пакета — на {moment}, а это время ещё не наступило. Пакеты с более ранним as_of "
                "портал теперь не примет."
            )

    def _staged(self) -> list[Staged]:
        staged, problems = [], []
        for declaration in self.opened.declarations:
            name = declaration.name
            with self.meter.step(Step.READING, name) as report:
                try:
                    staged.append(stage_file(self.opened, declaration, report))
                except PackageTooLarge:
                    raise
                except PackageRefused as refused:
                    problems += refused.problems
        if problems:
            raise package_refused(problems)
        return staged

    def _check(self, package: list[Staged]) -> None:
        for index, staged in enumerate(package):
            with self.meter.step(Step.CHECKING, staged.declaration.name) as report:
                if self._is_checked(staged, package):
                    continue
                package[index] = stage_again(self.opened, staged.declaration, report)
                self._is_checked(package[index], package)
        if not self.rejects and any(staged.rejected for staged in package):
            raise package_refused([])
        if not self.allow_mass_close:
            self._assert_no_mass_close(package)

    def _is_checked(self, staged: Staged, package: list[Staged]) -> bool:
        """Check a file; False where all its lines have to be staged to judge it."""
        reject = self.rejects is not None
        with bulk_transaction():
            check_file(staged, package, reject=reject)
            return not needs_all_lines(staged, reject=reject)

    def _assert_no_mass_close(self, package: list[Staged]) -> None:
        """Raise MassCloseRefused where too many accounts are left out, maybe by a mistake of the export."""
        for staged in package:
            if staged.declaration is not ACCOUNTS or not self._prunes(staged):
                continue
            with bulk_transaction():
                open_accounts, unnamed = prune_preview(staged)
            if unnamed * MASS_CLOSE_PART > open_accounts:
                reason = (
                    f"закрылось бы счетов: {unnamed} из {open_accounts} открытых, это больше десятой "
                    "части. Если так и нужно, разрешите: --allow-mass-close, по HTTP — ?allow_mass_close=1"
                )
                raise MassCloseRefused(
                    Problem(ACCOUNTS.name, reason), closing=unnamed, open_accounts=open_accounts
                )

    def _prunes(self, staged: Staged) -> bool:
        """Tell whether stored rows that the file does not name are pruned.

        Not with a nameless row in it, which may be any of those that the file seems to leave out.
        """
        declared = staged.declaration.prune is not Prune.NOTHING
        return self.opened.manifest.is_full and declared and not staged.nameless

    def _set_aside(self, package: list[Staged]) -> None:
        if self.rejects:
            for staged in package:
                self.rejects.write(self.opened, staged)

    def _merge(self, package: list[Staged], result: Result) -> None:
        day = timezone.localdate(self.opened.manifest.as_of)
        for staged in package:
            name = staged.declaration.name
            with self.meter.step(Step.APPLYING, name):
                prunes = self._prunes(staged)
                result.counts[name] = merge_file(staged, prune_day=day if prunes else None)
            if self.opened.manifest.is_full and staged.nameless and not prunes:
                result.notes.append(
                    f"{name}: не названное в файле осталось как было, потому что строк, которые "
                    f"нельзя прочитать: {staged.nameless}"
                )

    def _refresh_statistics(self, result: Result) -> None:
        """Analyze the tables where much is new; autovacuum would come once a minute."""
        for declaration in self.opened.declarations:
            counts = result.counts[declaration.name]
            changed = counts.inserted + counts.updated
            if changed >= MANY_ROWS and changed * 10 >= counts.unchanged:
                with suppress(Error):  # the package is applied all the same
                    execute(SQL("ANALYZE {}").format(table(declaration)))


@dataclass(frozen=True)
class _Figure:
    """A figure as people read it."""

    label: str
    value: str


def _company_sums(files: Collection[str], day: datetime.date) -> list[_Figure]:
    """Return figures that these files of a package change; sums of the month of the day and the one before.

    Always the same figures in the same order, so that those before and after stand beside each other.
    """
    found = []
    this = day.replace(day=1)
    months = (month_after(this, -1), this)
    if ACCOUNTS.name in files:
        accounts = PersonalAccount.objects.filter(closed_on=None).count()
        found.append(_Figure("Открытых лицевых счетов", grouped(accounts)))
    for month in months if CHARGES.name in files else ():
        sums = Charge.objects.filter(period=month).aggregate(
            accrued=Sum("accrued", default=0), due=Sum("closing_balance", default=0)
        )
        said = month_name(month)
        found.append(_Figure(f"Начислено за {said}", rubles(sums["accrued"])))
        found.append(_Figure(f"Долг на конец месяца, {said}", rubles(sums["due"])))
    for month in months if PAYMENTS.name in files else ():
        paid = BillingPayment.objects.filter(paid_on__gte=month, paid_on__lt=month_after(month))
        total = paid.aggregate(total=Sum("amount", default=0))["total"]
        found.append(_Figure(f"Оплачено за {month_name(month)}", rubles(total)))
    return found

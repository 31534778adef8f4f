"""The steps of one import: stage, check, set rejected rows aside, merge."""

import datetime
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from django.db import Error
from django.utils import timezone
from psycopg.sql import SQL

from cabinet.exchange.declaration import FileDeclaration, Prune
from cabinet.exchange.exceptions import (
    MassCloseRefused,
    PackageRefused,
    PackageTooLarge,
    Problem,
)
from cabinet.exchange.files import FILES
from cabinet.exchange.files.accounts import ACCOUNTS
from cabinet.exchange.loading.checks import check_file, needs_all_lines
from cabinet.exchange.loading.merge import FileCounts, merge_file
from cabinet.exchange.loading.problems import package_refused
from cabinet.exchange.loading.prune import prune_preview
from cabinet.exchange.loading.rejects import RejectFile
from cabinet.exchange.package.manifest import Manifest
from cabinet.exchange.package.opening import PackageSource
from cabinet.exchange.progress import ProgressMeter, Step
from cabinet.exchange.sql.run import bulk_transaction, execute
from cabinet.exchange.sql.staged import Staged
from cabinet.exchange.sql.stored import table
from cabinet.exchange.staging.tables import stage_again, stage_file, staging_drop, staging_prepare
from portal.formats.dates import long_moment

MASS_CLOSE_PART = 10
CLOCKS_DIFFER = datetime.timedelta(days=1)
# From so many changed rows on, pages and the next import would plan for a table that is no more.
MANY_ROWS = 10_000


@dataclass
class Result:
    """What an import did: rows by file, rows rejected, and what else to tell."""

    rejected_rows: int = 0
    counts: dict[str, FileCounts] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Import:
    """One package on its way into the company whose schema is entered. `rejects`: where bad rows go;
    without it they refuse the package.
    """

    source: PackageSource
    manifest: Manifest
    rejects: RejectFile | None
    allow_mass_close: bool
    meter: ProgressMeter

    def run(self, applied: Callable[[Result], None]) -> Result:
        """`applied` is called in the transaction that merges, before it commits.

        Raises PackageRefused; then, as after any other error, nothing is changed.
        """
        try:
            staging_prepare()
            package = self._staged()
            self._check(package)
            result = Result(rejected_rows=sum(staged.rejected for staged in package))
            self._note_the_future(result)
            self._set_aside(package)
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

    def _note_the_future(self, result: Result) -> None:
        if self.manifest.as_of > timezone.now() + CLOCKS_DIFFER:
            moment = long_moment(self.manifest.as_of)
            result.notes.append(
                f"Данные пакета — на {moment}, а это время ещё не наступило. Пакеты с более ранним as_of "
                "портал теперь не примет."
            )

    def _files(self) -> list[FileDeclaration]:
        return [declaration for declaration in FILES if declaration.name in self.manifest.files]

    def _staged(self) -> list[Staged]:
        staged, problems = [], []
        for declaration in self._files():
            name = declaration.name
            with self.meter.step(Step.READING, name) as report:
                try:
                    staged.append(
                        stage_file(self.source, declaration, self.manifest.files[name], report)
                    )
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
                name = staged.declaration.name
                expected = self.manifest.files[name]
                package[index] = stage_again(self.source, staged.declaration, expected, report)
                self._is_checked(package[index], package)
        if not self.rejects and any(staged.rejected for staged in package):
            raise package_refused([])
        if not self.allow_mass_close:
            self._assert_no_mass_close(package)

    def _is_checked(self, staged: Staged, package: list[Staged]) -> bool:
        """False where all lines of the file have to be staged to tell."""
        reject = self.rejects is not None
        with bulk_transaction():
            check_file(staged, package, reject=reject)
            return not needs_all_lines(staged, reject=reject)

    def _assert_no_mass_close(self, package: list[Staged]) -> None:
        """Accounts left out by a mistake of the export must not lock their owners out."""
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
        """A row that nobody can name may be any of those that the file seems to leave out."""
        declared = staged.declaration.prune is not Prune.NOTHING
        return self.manifest.is_full and declared and not staged.nameless

    def _set_aside(self, package: list[Staged]) -> None:
        if self.rejects:
            for staged in package:
                self.rejects.write(self.source, staged)

    def _merge(self, package: list[Staged], result: Result) -> None:
        day = timezone.localdate(self.manifest.as_of)
        for staged in package:
            name = staged.declaration.name
            with self.meter.step(Step.APPLYING, name):
                prunes = self._prunes(staged)
                result.counts[name] = merge_file(staged, prune_day=day if prunes else None)
            if self.manifest.is_full and staged.nameless and not prunes:
                result.notes.append(
                    f"{name}: не названное в файле осталось как было, потому что строк, которые "
                    f"нельзя прочитать: {staged.nameless}"
                )

    def _refresh_statistics(self, result: Result) -> None:
        """Where much is new. Not left to autovacuum, which looks around once a minute."""
        for declaration in self._files():
            counts = result.counts[declaration.name]
            changed = counts.inserted + counts.updated
            if changed >= MANY_ROWS and changed * 10 >= counts.unchanged:
                with suppress(Error):  # the package is applied all the same
                    execute(SQL("ANALYZE {}").format(table(declaration)))

"""Is the file that was staged the one that the manifest describes?"""

from decimal import Decimal

from psycopg.sql import SQL, Identifier

from cabinet.exchange.exceptions import PackageRefused, Problem
from cabinet.exchange.package.manifest import ManifestFile
from cabinet.exchange.sql.run import fetch_row
from cabinet.exchange.sql.staged import comma, staging, sum_of
from cabinet.exchange.staging.intake import Intake
from cabinet.exchange.staging.known import Known


def assert_same_hash(name: str, sha256: str, expected: ManifestFile) -> None:
    """Raises PackageRefused."""
    if sha256 != expected.sha256:
        reason = "SHA-256 не тот, что в манифесте: файл изменён или передан не целиком"
        raise PackageRefused([Problem(name, reason)])


def assert_same_figures(intake: Intake, expected: ManifestFile, known: Known | None) -> None:
    """Rows and control sums, bad and known rows included. Raises PackageRefused."""
    reasons = []
    rows = intake.rows + (known.rows if known else 0)
    if rows != expected.rows:
        reasons.append(f"строк {rows}, а в манифесте {expected.rows}")
    sums = _staged_sums(intake, expected)
    if known:
        sums = {name: value + known.sums[name] for name, value in sums.items()}
    for name, wanted in expected.sums.items():
        bad = intake.bad_sums.get(name)
        if name not in sums:
            reasons.append(f"в манифесте есть сумма {name}, а такого столбца в файле нет")
        # What cannot be read cannot be added; such a row is a problem of its own.
        elif bad is not None and sums[name] + bad != wanted:
            reasons.append(f"сумма {name} равна {sums[name] + bad}, а в манифесте {wanted}")
    if reasons:
        raise PackageRefused([Problem(intake.declaration.name, reason) for reason in reasons])


def _staged_sums(intake: Intake, expected: ManifestFile) -> dict[str, Decimal]:
    names = [column.name for column in intake.columns if column.name in expected.sums]
    if not names:
        return {}
    each = comma(sum_of(Identifier(name)) for name in names)
    row = fetch_row(SQL("SELECT {} FROM {}").format(each, staging(intake.declaration)))
    return dict(zip(names, row, strict=True))

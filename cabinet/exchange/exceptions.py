from collections.abc import Sequence
from dataclasses import dataclass

PROBLEMS_SHOWN = 100
_SHOWN_SIGNS = 100


def shown(text: str) -> str:
    """Return a sender's text, safe and short enough for a message."""
    return "".join(sign if sign.isprintable() else "?" for sign in text[:_SHOWN_SIGNS])


@dataclass(frozen=True)
class Problem:
    """What is wrong, in Russian, and where. `line` 0: the file as a whole; the header is line 1."""

    file: str
    reason: str
    line: int = 0
    column: str = ""

    def __str__(self) -> str:
        if not self.line:
            return " ".join(filter(None, (f"{self.file}:", self.column, self.reason)))
        return f"{self.file}:{self.line} {self.column or '-'} {self.reason}"


class ExchangeError(Exception):
    """The package was not applied and nothing is changed; the text says why, in Russian."""


class PackageNotFound(ExchangeError):
    """There is no package at the path."""


class RejectsNotWritten(ExchangeError):
    """The file of rejected rows could not be written."""


class PackageRefused(ExchangeError):
    """The package is broken: `problems` are the first of `total`."""

    def __init__(self, problems: Sequence[Problem], total: int | None = None) -> None:
        self.problems = list(problems[:PROBLEMS_SHOWN])
        self.total = len(problems) if total is None else total
        super().__init__("\n".join(map(str, self.problems)))


class PackageTooLarge(PackageRefused):
    """It holds more than the portal takes, whatever its headers say."""


class MassCloseRefused(PackageRefused):
    """It would close `closing` of the `open_accounts` accounts, and that is not allowed."""

    def __init__(self, problem: Problem, *, closing: int, open_accounts: int) -> None:
        self.closing, self.open_accounts = closing, open_accounts
        super().__init__([problem])


class PackageConflict(ExchangeError):
    """Its id was applied with another manifest, or newer data was."""


class PackageBusy(ExchangeError):
    """Another package of the company is being applied and does not end."""


class CompanyUnavailable(ExchangeError):
    """The company's schema cannot take a package now."""

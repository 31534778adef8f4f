"""The pages of account 805107 of the sample package, which has the manual's own figures."""

import html
import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.package.apply import package_apply
from cabinet.subscribers.models import AccountLink
from tests.support.factories import make_link, text_of

SAMPLES = Path(settings.BASE_DIR) / "samples"


@pytest.fixture
def sample_link(pskov, owner) -> AccountLink:
    package_apply(company=pskov, path=SAMPLES / "pskov")
    return make_link(owner, pskov, PersonalAccount.objects.get(account_number="805107"))


def amount(cell: str) -> Decimal:
    """The sum that a cell begins with, in ₽."""
    figure = cell.partition("₽")[0]
    return Decimal(re.sub(r"[^\d,−]", "", figure).replace(",", ".").replace("−", "-"))


def cells(text: str) -> list[str]:
    """The texts of the cells of a piece of HTML, without what stands around them."""
    without_bills = re.sub(r'<a class="sums__bill".*?</a>', "", text, flags=re.S)
    found = re.findall(r"<t[hd]\b.*?>(.*?)</t[hd]>", without_bills, re.S)
    return [html.unescape(" ".join(re.sub("<[^>]*>", " ", cell).split())) for cell in found]


def table_of(page: str) -> list[list[str]]:
    """The rows of the history's table, from the headings to the totals."""
    table = page.partition('id="history"')[2].partition("</table>")[0]
    return [cells(row) for row in re.findall(r"<tr\b.*?</tr>", table, re.S)]


@pytest.fixture
def rows(owner_client: Client) -> Callable[..., list[list[str]]]:
    """Return the rows of a page's table, without its headings."""

    def rows(path: str, **asked: str) -> list[list[str]]:
        return table_of(text_of(owner_client.get(path, asked)))[1:]

    return rows

"""Whoever asks for links says whose: a delegate's taken for a holder's is a leak."""

import re

from django.conf import settings

from tests.style.test_words import PRODUCT

# Links found by what does not tell a holder from a delegate. `of_account` is for locks and ends alone.
BARE = re.compile(
    r"AccountLink\.objects\.(?:all|filter|exclude|values|get|annotate)\("
    r"|account_links\.(?:all|filter|exclude|values|get|select_related)\("
    r"|account_links__(?!in\b)\w+"
)
# By the key of a link that was found rightly before, or by its delegation.
FOUND_BEFORE = re.compile(r"(?:filter|exclude)\((?:pk=|delegation=|\n?\s*subscriber=subscriber, company)")


def test_links_are_asked_for_by_whose_they_are():
    found = []
    for folder in PRODUCT:
        for path in (settings.BASE_DIR / folder).rglob("*.py"):
            text = path.read_text()
            for hit in BARE.finditer(text):
                if "migrations" in path.parts or FOUND_BEFORE.match(text[hit.start() :].split(".")[-1]):
                    continue
                rest = text[hit.start() : hit.start() + 120]
                if not FOUND_BEFORE.search(rest.split(")")[0] + ")"):
                    line = text[: hit.start()].count("\n") + 1
                    found.append(f"{path.relative_to(settings.BASE_DIR)}:{line} {rest.splitlines()[0]}")
    assert found == []

"""The editor of texts."""

from typing import Any

from bs4 import BeautifulSoup
from wagtail.admin.rich_text import DraftailRichTextArea

# Longer numbers are no keys of PostgreSQL.
_LONGEST_KEY = 18


class CleanRichTextArea(DraftailRichTextArea):
    """Wagtail's editor of texts, without links to what cannot be a page, document or picture.

    Wagtail stores a forged link as it came, and looks its key up whenever the published page is shown.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        text = super().value_from_datadict(data, files, name)
        return text and without_odd_links(text)


def without_odd_links(text: str) -> str:
    """Return a rich text in which links by something else than a number are their words alone."""
    soup = BeautifulSoup(text, "html.parser")
    odd = [
        tag
        for tag in soup.find_all(["a", "embed"])
        if tag.get("linktype", tag.get("embedtype")) in ("page", "document", "image")
        and not _is_key(tag.get("id"))
    ]
    for tag in odd:
        tag.unwrap()
    return str(soup) if odd else text


def _is_key(typed: Any) -> bool:
    return (
        isinstance(typed, str)
        and typed.isascii()
        and typed.isdigit()
        and len(typed) <= _LONGEST_KEY
    )

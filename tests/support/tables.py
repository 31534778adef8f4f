"""Tables of pages as people read them."""

from html.parser import HTMLParser

from django.http import HttpResponse

from tests.support.factories import text_of


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.is_cell = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self.is_cell = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.is_cell = False

    def handle_data(self, data: str) -> None:
        if self.is_cell:
            self.rows[-1][-1] += data


def rows_of(response: HttpResponse) -> list[list[str]]:
    """The rows of all tables, with single spaces in their cells."""
    parser = _Tables()
    parser.feed(text_of(response).replace("\xad", "").replace("&shy;", ""))
    return [[" ".join(cell.split()) for cell in row] for row in parser.rows]

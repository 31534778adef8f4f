"""Changes of the central office and of the company, field by field, with words removed and added."""

import datetime
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from wagtail.admin.compare import StreamBlockComparison, diff_text

from cms_pages.blocks import BodyBlock
from cms_pages.blocks.comparing import parts_diff, words_only
from cms_pages.pages.news import NewsPage
from cms_pages.shared.files import file_found
from cms_pages.shared.references import body_raw, body_replaced
from cms_pages.shared.versions import SharedPage
from portal.formats.dates import long_day
from tenants.models import SharedVersion

_body = BodyBlock()
# Name, label, plain text or the stored body.
Text = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """`theirs`: from the office's old version to its new one. `ours`: from the old one to the company's."""

    label: str
    theirs: SafeString
    ours: SafeString
    by_office: bool
    by_company: bool


def changes(old: SharedVersion, new: SharedVersion, page: SharedPage) -> list[Change]:
    """Return every field that either side has changed. The company's schema is entered."""
    before, after, own = text_of_version(old), text_of_version(new), text_of_page(page)
    labels = {
        "title": _("Заголовок"),
        "lead": _("Коротко"),
        "date": _("Дата"),
        "categories": _("Рубрики"),
        "picture": _("Снимок"),
        "picture_alt": _("Что на снимке"),
        "body": _("Текст"),
    }
    found = []
    for name, label in labels.items():
        if name not in before:
            continue
        diff = body_diff if name == "body" else _words_diff
        was, sent, ours_now = (words_only(text[name]) for text in (before, after, own))
        by_office, by_company = was != sent, was != ours_now
        if by_office or by_company:
            theirs, ours = diff(before[name], after[name]), diff(before[name], own[name])
            found.append(Change(label, theirs, ours, by_office, by_company))
    return found


def text_of_version(version: SharedVersion) -> Text:
    said = version.content
    numbered = partial(_number, said["files"])
    text = {
        "title": said["title"],
        "lead": said["lead"],
        "body": body_replaced(said["body"], lambda _kind, key: numbered(key)),
    }
    if said["kind"] == "news":
        picture = said["files"].get(said["picture"] or "")
        text |= {
            "date": _day(said["date"]),
            "categories": ", ".join(sorted(one["name"] for one in said["categories"])),
            "picture": picture["fields"]["title"] if picture else "",
            "picture_alt": said["picture_alt"],
        }
    return text


def text_of_page(page: SharedPage) -> Text:
    text: Text = {"title": page.title, "lead": page.lead, "body": body_raw(page.body)}
    if isinstance(page, NewsPage):
        text |= {
            "date": _day(page.date.isoformat()),
            "categories": ", ".join(sorted(one.name for one in page.categories.all())),
            "picture": page.picture.title if page.picture else "",
            "picture_alt": page.picture_alt,
        }
    return text


def body_diff(before: list[Any], after: list[Any]) -> SafeString:
    """Compare block by block, as Wagtail compares revisions."""
    values = [_body.to_python(raw) for raw in (before, after)]
    return parts_diff(StreamBlockComparison(_body, True, True, *values).get_block_comparisons())


def _words_diff(before: str, after: str) -> SafeString:
    if before == after:
        return escape(before)
    return SafeString(diff_text(before, after).to_html())


def _number(files: dict[str, Any], key: str) -> int | None:
    return file_found(key, files[key])


def _day(iso: str) -> str:
    return long_day(datetime.date.fromisoformat(iso))

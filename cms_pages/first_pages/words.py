"""Short words for the blocks of a page that is written in code."""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from cms_pages.brand.phones import CompanyPhone
from portal.formats.phones import office_number

Block = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class SamplePage:
    title: str
    slug: str
    lead: str = ""
    body: tuple[Block, ...] = ()
    in_menu: bool = False
    below: tuple["SamplePage", ...] = field(default=())


def text(html: str) -> Block:
    return {"type": "text", "value": html}


def notice(kind: str, title: str, html: str) -> Block:
    return {"type": "notice", "value": {"kind": kind, "title": title, "text": html}}


def steps(*items: tuple[str, str]) -> Block:
    values = [{"title": title, "text": f"<p>{note}</p>" if note else ""} for title, note in items]
    return {"type": "steps", "value": {"items": values}}


def faq(*items: tuple[str, str]) -> Block:
    values = [{"question": question, "answer": f"<p>{answer}</p>"} for question, answer in items]
    return {"type": "faq", "value": {"title": "Частые вопросы", "items": values}}


def folds(*items: tuple[str, str]) -> Block:
    values = [{"title": title, "text": html} for title, html in items]
    return {"type": "accordion", "value": {"items": values}}


def table(caption: str, columns: list[str], *rows: tuple[str, ...], numbers: int = 1) -> Block:
    """Return a table block whose last `numbers` columns hold numbers."""
    words = len(columns) - numbers
    kinds = ["text"] * words + ["number"] * numbers
    heads = [{"type": kind, "heading": head} for kind, head in zip(kinds, columns, strict=True)]
    lines = [{"values": list(row)} for row in rows]
    return {"type": "table", "value": {"caption": caption, "columns": heads, "rows": lines}}


def button(words: str, address: str, *, main: bool = True) -> Block:
    value = {"text": words, "page": None, "address": address, "main": main}
    return {"type": "button", "value": value}


def link(words: str, address: str, icon: str, note: str) -> Block:
    value = {"text": words, "page": None, "address": address, "icon": icon, "note": note}
    return {"type": "link", "value": value}


def contact(
    name: str, *, role: str = "", phones: tuple[tuple[str, str], ...] = (), **more: str
) -> Block:
    """Return a block of contacts; a number may be a name of the company's own (`CompanyPhone`)."""
    numbers = [
        {"which": one, "number": "", "note": note}
        if one in CompanyPhone.values
        else {"which": "", "number": office_number(one), "note": note}
        for one, note in phones
    ]
    return {"type": "contact", "value": {"name": name, "role": role, "phones": numbers, **more}}


AFTER_NUMBERS = "дней|дня|минут|января|июня|июля|сентября|октября|ноября|декабря"


def tidy(words: str) -> str:
    """Put non-breaking spaces where a line must not end, and keep ranges of numbers together."""
    words = re.sub(r"(\d) (?=%|₽|м[²³]|г\.|кв\.)", "\\1\u00a0", words)
    words = re.sub(r"(?<=\d)–(?=\d)", "\u2060–\u2060", words)
    words = re.sub(rf"(\d) (?={AFTER_NUMBERS})", "\\1\u00a0", words)
    return re.sub(r"(?<![\w-])([аивкосуАИВКОСУ]|на|не|до|за|из|по|от) (?=\w)", "\\1\u00a0", words)


def as_json(value: Any) -> str:
    return tidy(json.dumps(value, ensure_ascii=False))

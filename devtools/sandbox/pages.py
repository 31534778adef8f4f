"""The bank's pages for a payer: the card form, the page of СБП, and the result with the way back."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import zxingcpp

from devtools.sandbox import control, methods, payments
from devtools.sandbox.api import Request
from devtools.sandbox.scenarios import CARDS, GOOD, has_check_digit
from devtools.sandbox.state import Stored

if TYPE_CHECKING:
    from devtools.sandbox.server import Sandbox

_HTML = Path(__file__).parent / "html"
_NBSP = "\N{NO-BREAK SPACE}"
_MARKS = {
    "МИР": "#0f754e",
    "Mastercard": "#c8102e",
    "Maestro": "#0072bc",
    "VISA": "#1a1f71",
}


@dataclass(frozen=True)
class Page:
    body: bytes = b""
    status: int = 200
    kind: str = "text/html; charset=utf-8"
    location: str = ""
    goes_wrong: str = ""  # hang or drop


@cache
def _template(name: str) -> Template:
    return Template((_HTML / name).read_text())


def page_of(name: str, title: str, **values: str) -> Page:
    """Return a page of a template; the values are HTML already."""
    body = _template(name).substitute(values, title=title)
    whole = _template("layout.html").substitute(title=title, body=body)
    return Page(whole.encode())


def rubles(value: str) -> str:
    whole, _, part = value.partition(".")
    return f"{int(whole):,}".replace(",", _NBSP) + f",{part}{_NBSP}₽"


def answer(sandbox: "Sandbox", request: Request) -> Page:
    """Answer a browser."""
    url = urlsplit(request.path)
    typed = {k: v[0] for k, v in parse_qs(request.body.decode(errors="replace")).items()}
    query = {k: v[0] for k, v in parse_qs(url.query).items()}
    pages: dict[str, Callable[[Sandbox, Stored, dict[str, str] | None, dict[str, str]], Page]] = {
        "pay": _pay,
        "qr": _sbp,
        "method": _method,
    }
    match [part for part in url.path.split("/") if part]:
        case ["pay" | "qr" | "method" as what, name]:
            one = sandbox.state.get("method" if what == "method" else "payment", name)
            if one is not None:
                form = typed if request.method == "POST" else None
                return pages[what](sandbox, one, form, query)
        case [] if request.method == "GET":
            return _home(sandbox)
        case ["control", what] if request.method == "POST":
            status = control.carry_out(sandbox.state, what, typed)
            return Page(status=status, location="/" if status == 303 else "")
    return Page(b"<h1>404</h1>", status=404)


def _pay(
    sandbox: "Sandbox", one: Stored, form: dict[str, str] | None, query: dict[str, str]
) -> Page:
    if one.data["payment_method"]["type"] == "sbp":
        return _sbp(sandbox, one, form, query)
    if not payments.is_open(one):
        return _result(one)
    if form is None:
        return _card_form(one, {"number": query.get("card", "")})
    if form.get("action") == "cancel":
        return _finish(sandbox, one, "")
    if errors := _errors(form, sandbox.state.now()):
        return _card_form(one, form, errors)
    return _finish(sandbox, one, re.sub(r"\D", "", form["number"]))


def _sbp(
    sandbox: "Sandbox", one: Stored, form: dict[str, str] | None, _query: dict[str, str]
) -> Page:
    if not payments.is_open(one):
        return _result(one)
    if form is not None:
        card = form.get("card", GOOD) if form.get("action") == "pay" else ""
        return _finish(sandbox, one, card)
    options = "".join(
        f'<option value="{card.number}">{escape(card.title)}</option>' for card in CARDS.values()
    )
    return page_of(
        "sbp.html",
        "Оплата по СБП",
        mark=_sbp_mark(),
        what=escape(one.data.get("description", "Оплата услуг")),
        sum=rubles(one.data["amount"]["value"]),
        qr=_code(f"{sandbox.pages_url}/qr/{one.id}"),
        options=options,
    )


def _code(url: str) -> str:
    """Return a QR code that stretches; it is given without a viewBox."""
    svg = zxingcpp.create_barcode(url, zxingcpp.BarcodeFormat.QRCode).to_svg(add_quiet_zones=True)
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r'width="(\d+)" height="(\d+)"', r'viewBox="0 0 \1 \2"', svg, count=1)
    return f'<div class="qr" role="img" aria-label="QR-код для оплаты">{svg}</div>'


def _method(
    sandbox: "Sandbox", one: Stored, form: dict[str, str] | None, query: dict[str, str]
) -> Page:
    if one.data["status"] != "pending":
        return _method_result(one)
    if form is None:
        return _card_form(one, {"number": query.get("card", "")})
    if form.get("action") != "cancel":
        if errors := _errors(form, sandbox.state.now()):
            return _card_form(one, form, errors)
        with sandbox.state.transaction():
            methods.method_confirm(sandbox.state, one, re.sub(r"\D", "", form["number"]))
    return _method_result(one)


def _finish(sandbox: "Sandbox", one: Stored, card: str) -> Page:
    """Take money by a card, or cancel if there is none; then show the result at an address of its own."""
    with sandbox.state.transaction():
        now = sandbox.state.get("payment", one.id) or one  # somebody may have pressed it twice
        if card:
            plan = payments.payment_pay(sandbox.state, now, card)
            if plan.page:
                return Page(goes_wrong=plan.page)
        elif payments.is_open(now):
            payments.payment_decline(sandbox.state, now, "expired_on_confirmation")
    return Page(status=303, location=f"/pay/{one.id}")


def _errors(form: dict[str, str], now: datetime.datetime) -> dict[str, str]:
    errors = {}
    digits = re.sub(r"[\s-]", "", form.get("number", ""))
    if not re.fullmatch(r"[0-9]{16,19}", digits) or not has_check_digit(digits):
        errors["number"] = "Проверьте номер карты: в нём от 16 до 19 цифр."
    month, year = form.get("month", ""), form.get("year", "")
    if not re.fullmatch(r"0?[1-9]|1[0-2]", month):
        errors["month"] = "Месяц — число от 1 до 12."
    if not re.fullmatch(r"(20)?[0-9]{2}", year):
        errors["year"] = "Год — две цифры, например 30."
    elif "month" not in errors and (int(year[-2:]) + 2000, int(month)) < (now.year, now.month):
        errors["year"] = "Срок действия карты истёк."
    if not re.fullmatch(r"[0-9]{3}", form.get("cvc", "")):
        errors["cvc"] = "Код — три цифры."
    return errors


def _card_form(one: Stored, typed: dict[str, str], errors: dict[str, str] | None = None) -> Page:
    errors, values = errors or {}, {}
    is_sample = bool(typed.get("number")) and "month" not in typed
    if is_sample:
        typed = typed | {"month": "12", "year": "30", "cvc": "123"}
    for name in ("number", "month", "year", "cvc"):
        error = errors.get(name, "")
        values[name] = escape(typed.get(name, ""))
        values[f"{name}_bad"] = ' class="bad" aria-invalid="true"' if error else ""
        values[f"{name}_error"] = f'<p class="error" role="alert">{error}</p>' if error else ""
    is_payment = one.kind == "payment"
    return page_of(
        "card.html",
        "Оплата картой" if is_payment else "Привязка карты",
        bank=_bank_mark(),
        what=escape(one.data.get("description", "Оплата услуг" if is_payment else "")),
        sum=rubles(one.data["amount"]["value"]) if is_payment else "Привязка карты",
        marks=_marks(),
        pay="Оплатить" if is_payment else "Привязать",
        cards=cards_table(linked=True),
        open="" if is_sample or errors else " open",
        **values,
    )


def cards_table(*, linked: bool = False) -> str:
    """Return the rows of the cards and of what each does."""
    rows = []
    for card in CARDS.values():
        number = _NBSP.join(re.findall("....", card.number))
        shown = f'<a href="?card={card.number}">{number}</a>' if linked else number
        rows.append(f'<tr><td class="number">{shown}</td><td>{escape(card.title)}</td></tr>')
    return "".join(rows)


def _result(one: Stored) -> Page:
    status = one.data["status"]
    if status == "canceled":
        title, text = "Оплата отменена", "Деньги не\N{NO-BREAK SPACE}списаны."
    elif status == "pending":
        title, text = "Оплата принята", "Банк передаёт сведения об\N{NO-BREAK SPACE}оплате."
    else:
        title, text = "Оплата прошла успешно", escape(one.data.get("description", ""))
    url = one.private["asked"].get("confirmation", {}).get("return_url", "/")
    total = rubles(one.data["amount"]["value"])
    return page_of(
        "result.html",
        title,
        picture=_picture(is_good=status != "canceled"),
        sum=total,
        text=text,
        url=escape(url),
    )


def _method_result(one: Stored) -> Page:
    is_good = bool(one.data["saved"])
    return page_of(
        "result.html",
        "Карта привязана" if is_good else "Карта не привязана",
        picture=_picture(is_good=is_good),
        sum="",
        text="",
        url=escape(one.private["asked"]["confirmation"]["return_url"]),
    )


def _marks() -> str:
    """Return the card systems' marks, drawn by hand."""
    marks = []
    for name, colour in _MARKS.items():
        width = 11 * len(name) + 8
        style = (
            'font-family="Arial,sans-serif" font-weight="700" font-style="italic" font-size="16"'
        )
        marks.append(
            f'<li><svg width="{width}" height="20" role="img" aria-label="{name}">'
            f'<text y="16" fill="{colour}" {style}>{name}</text></svg></li>'
        )
    return "".join(marks)


def _bank_mark() -> str:
    return (
        '<svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><path fill="#1b3a6b" '
        'd="M14 2 2 9v3h24V9zM4 14h4v8H4zm8 0h4v8h-4zm8 0h4v8h-4zM2 24h24v2H2z"/></svg>ПРИМЕР-БАНК'
    )


def _sbp_mark() -> str:
    return (
        '<svg width="24" height="28" viewBox="0 0 24 28" aria-hidden="true">'
        '<path fill="#5b57a2" d="M0 6l4 7v4l-4 7z"/><path fill="#d90751" d="M4 13l5 3-5 3z"/>'
        '<path fill="#0fa8d6" d="M9 0l5 8-5 3z"/><path fill="#63b22f" d="M9 28l5-8-5-3z"/>'
        '<path fill="#faB718" d="M10 11l12 3-12 3z"/></svg>'
    )


def _picture(*, is_good: bool) -> str:
    colour, path = (
        ("#1e7d3c", "M16 33l12 12 22-26") if is_good else ("#b3261e", "M20 20l24 24m0-24L20 44")
    )
    return (
        f'<svg viewBox="0 0 64 64" aria-hidden="true" fill="none" stroke="{colour}" '
        f'stroke-width="5" stroke-linecap="round"><circle cx="32" cy="32" r="29"/><path d="{path}"/></svg>'
    )


def _home(sandbox: "Sandbox") -> Page:
    values = control.home_values(sandbox.state)
    return page_of("home.html", "Песочница ЮKassa", cards=cards_table(), **values)

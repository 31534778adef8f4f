"""A filled form looks like a page laid out with its texts, and can be read and copied like one."""

import io
from html import escape
from typing import Any

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from portal.formats.pdf import FONT, pdf_layout
from portal.formats.pdf_forms.form import DoesNotFit, PdfForm
from portal.formats.pdf_forms.slots import LETTERS
from tests.support.bill_photos import BILL
from tests.support.pdf import differing_pixels, pages_of_pdf

STYLE = """<style>
@font-face { font-family: Onest; src: url("%s"); }
@page { size: A4; margin: 20mm; }
html { font: 10pt/1.4 Onest; color: #16202b; }
h1 { font-size: 19pt; }
table { width: 100%%; table-layout: fixed; border-collapse: collapse; }
td { border: 0.5pt solid #888; padding: 2pt 4pt; white-space: nowrap; }
.slot { font-kerning: none; font-variant-ligatures: none; }
b { font-weight: 600; }
.sum { text-align: right; font-variant-numeric: tabular-nums; color: #0a58a8; }
.middle { text-align: center; font-size: 8pt; }
.stub { position: absolute; bottom: 0; left: 0; width: 120mm; }
.code { width: 35mm; height: 35mm; }
.next { break-before: page; }
</style>"""
NAMES = ("account", "name", "sum", "middle", "stub", "last")
TEXTS = {
    "account": "805107",
    "name": "Осипова-Ёлкина Анна «Петровна»",
    "sum": "−1 234 567,89 ₽",
    "middle": "12,345 м³ × 7,92 (а\\б|в) № 5",
    "stub": "Псков, ул. Ленина, д. 5, кв. 12",
    "last": "ГАЗ To Ve AV",
}


def layout(texts=None, head=STYLE) -> Any:
    """Lay out the page: with the texts, or with empty slots."""

    def slot(name: str, style: str = "", tag: str = "div") -> str:
        text = escape(texts[name]) if texts else "\N{NO-BREAK SPACE}"
        return f'<{tag} class="slot {style}" id="slot-{name}">{text}</{tag}>'

    return pdf_layout(f"""<!DOCTYPE html>
<html lang="ru"><head><title>Квитанция</title>{head % FONT}</head><body>
<h1>Счёт за газ</h1>
<p>Лицевой счёт {slot("account", tag="b")}</p>
<table><tr><td>Абонент</td><td>{slot("name")}</td></tr>
<tr><td>{slot("middle", "middle")}</td>{slot("sum", "sum", "td")}</tr></table>
<div class="stub">{slot("stub")}</div>
<div class="code" id="slot-code"></div>
<p class="next">Лист второй: {slot("last", tag="span")}</p></body></html>""")


@pytest.fixture(scope="module")
def form() -> PdfForm:
    return PdfForm(layout())


def test_it_looks_like_a_layout_with_the_same_texts(form):
    assert differing_pixels(form.fill(TEXTS), layout(TEXTS).write_pdf()) == 0
    # The comparison sees a digit.
    other = form.fill({**TEXTS, "account": "805101"})
    assert differing_pixels(form.fill(TEXTS), other) > 0


@settings(max_examples=12, deadline=None, phases=[Phase.generate])
@given(st.fixed_dictionaries({name: st.text(LETTERS, min_size=1, max_size=28) for name in NAMES}))
def test_any_text_looks_like_a_layout(form, texts):
    shown = {name: text.strip(" ") or "0" for name, text in texts.items()}
    assert differing_pixels(form.fill(shown), layout(shown).write_pdf()) == 0


def test_each_letter_can_be_drawn_and_copied(form):
    for start in range(0, len(LETTERS), 20):
        letters = "·".join(LETTERS[start : start + 20].replace(" ", ""))
        (first, _) = pages_of_pdf(form.fill({"stub": letters}))
        assert "".join(letters.split()) in "".join(first.split())


def test_texts_can_be_searched(form):
    (first, last) = pypdfium2.PdfDocument(form.fill(TEXTS))
    for name in ("account", "name", "middle", "stub"):
        assert first.get_textpage().search(TEXTS[name]).get_next(), name
    assert last.get_textpage().search("ГАЗ").get_next()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", "Осипова " * 20),
        ("account", "1" * 160),
        ("stub", "словѣсность"),
        ("stub", "🏠"),
        ("stub", "ქუჩა"),
        ("stub", "две\nстроки"),
        ("stub", "\0"),
    ],
)
def test_what_does_not_fit_is_told(form, name, text):
    with pytest.raises(DoesNotFit, match=name):
        form.fill({name: text})


def test_a_slot_that_a_layout_would_draw_otherwise_is_refused():
    with pytest.raises(ValueError, match="kerning"):
        PdfForm(layout(head=STYLE.replace("font-kerning: none;", "")))


def test_files_are_sound_small_and_the_same(form):
    code = "ST00012|" + "|".join(f"{key}={value}" for key, value in BILL.items())
    content = form.fill(TEXTS, code, title="Квитанция (№ 1)")
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert pdf.Root.Lang == "ru" and pdf.docinfo["/Title"] == "Квитанция (№ 1)"
    assert len(content) < 50_000  # three weights and sizes; a real page has fewer
    assert PdfForm(layout()).fill(TEXTS, code, title="Квитанция (№ 1)") == content
    assert form.fill({}) == form.fill({"account": ""})


def test_the_code_is_read_from_the_page(form):
    drawn = pypdfium2.PdfDocument(form.fill(TEXTS, "ST00012|Name=ООО «Газ»"))[0].render(scale=3)
    (code,) = zxingcpp.read_barcodes(drawn.to_pil())
    assert code.bytes.decode() == "ST00012|Name=ООО «Газ»"

"""The company's face: colours that can be read, a logo that is a picture, applications, contacts."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from wagtail.models import Site

from cms_pages.brand.colours import contrast, nearest_readable, worst_contrast
from cms_pages.models import BrandSettings
from portal.connection import connection
from tests.support.factories import NOVGOROD_HOST, text_of

pytestmark = pytest.mark.usefixtures("pskov")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}<path d="M0 0h9v9z"/></svg>'
GOOD = {"brand_colour": "#7a2e4d", "accent_colour": "#ffff00"}


@pytest.fixture
def save(editor_client, pskov):
    def save(**fields):
        connection.set_tenant(pskov)
        brand = BrandSettings.for_site(Site.objects.get())
        address = f"/admin/cms_pages/brandsettings/edit/{brand.pk}/"
        answer = editor_client.post(address, {**GOOD, **fields, "action-publish": "1"})
        connection.set_tenant(pskov)
        return answer

    return save


def upload(content: bytes | str, name: str = "logo.svg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def picture(size: tuple[int, int] = (90, 60), kind: str = "PNG") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size, "#123456").save(stream, kind)
    return stream.getvalue()


# --- colours -----------------------------------------------------------------------------------------


def test_an_editor_changes_the_colours(save, guest):
    before = text_of(guest.get("/"))
    assert save().status_code == 302
    css = guest.get("/brand.css").content.decode()
    assert css == ":root{--brand:#7a2e4d;--brand-contrast:#fff;--accent:#ffff00}\n"
    after = text_of(guest.get("/"))
    assert before.split("brand.css?v=")[1][:8] != after.split("brand.css?v=")[1][:8]


def test_a_colour_that_cannot_be_read_is_refused_with_what_can(save):
    page = text_of(save(brand_colour="#ffcc00"))
    assert "контраст 1," in page
    for near in nearest_readable("#ffcc00"):
        assert near in page
        assert save(brand_colour=near).status_code == 302
    assert BrandSettings.objects.get().brand_colour == nearest_readable("#ffcc00")[-1]


@pytest.mark.parametrize("typed", ["7A2E4D", " #7a2e4d ", "rgb(122, 46, 77)", "122 46 77"])
def test_a_colour_is_read_in_any_usual_form(save, typed):
    assert save(brand_colour=typed).status_code == 302
    assert BrandSettings.objects.get().brand_colour == "#7a2e4d"


@pytest.mark.parametrize("field", ["brand_colour", "accent_colour"])
@pytest.mark.parametrize("colour", ["red; }", "red", "#ffff", "#0057a8;}", "#0057a8\n}", "#gggggg"])
def test_what_is_no_colour_is_refused(save, guest, field, colour):
    answer = save(**{field: colour})
    assert answer.status_code == 200
    assert "Цвет — решётка" in text_of(answer) or "Сократите до 7 знаков" in text_of(answer)
    assert "}" in guest.get("/brand.css").content.decode()[-3:]
    assert guest.get("/brand.css").content.decode().count("}") == 1


def test_contrast_is_the_standards():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)  # just fails
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)  # just passes


@given(st.integers(0, 0xFFFFFF))
def test_whatever_is_asked_the_answer_passes(number):
    near = nearest_readable(f"#{number:06x}")
    assert near
    assert all(worst_contrast(colour) >= 4.5 for colour in near)
    if worst_contrast(f"#{number:06x}") >= 4.5:
        assert near[0] == f"#{number:06x}"


# --- the logo ----------------------------------------------------------------------------------------


def test_a_logo_is_shown_on_this_host_only(save, guest, novgorod):
    assert 'class="logo__image"' not in text_of(guest.get("/"))
    assert save(logo=upload(SVG.format("<title>Газ</title>"))).status_code == 302
    page = text_of(guest.get("/"))
    address = page.split('class="logo__image"')[1].split('src="')[1].split('"')[0]
    answer = guest.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "image/svg+xml"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert b"".join(answer.streaming_content).startswith(b"<svg")
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    assert elsewhere.get(address).status_code == 404
    assert 'class="logo__image"' not in text_of(elsewhere.get("/"))


def test_a_picture_is_drawn_anew(save, guest):
    secret = b"GPS: the photographer's home"
    assert save(logo=upload(picture((2000, 500), "JPEG") + secret, "лого.jpg")).status_code == 302
    answer = guest.get("/brand/logo")
    assert answer.headers["Content-Type"] == "image/png"
    content = b"".join(answer.streaming_content)
    assert secret not in content
    assert Image.open(io.BytesIO(content)).size == (800, 200)


def test_another_save_keeps_the_logo(save, guest):
    save(logo=upload(picture(), "logo.png"))
    save(phone="(8112) 59-50-50")
    assert guest.get("/brand/logo").status_code == 200
    save(**{"logo-clear": "on"})
    assert guest.get("/brand/logo").status_code == 404


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<g onload="alert(1)"/>',
        '<a href="javascript:alert(1)"><path/></a>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="//evil.example/#a"/>',
        "<foreignObject/>",
        '<image href="https://evil.example/spy.png"/>',
        "<style>@import 'https://evil.example/x.css';</style>",
        "<style>path{fill:url(https://evil.example/)}</style>",
        "<style>" + " " * 8190 + "@import 'x.css';</style>",
        "<style>@im&#112;ort 'x.css';</style>",
        '<path style="fill:url(//evil.example/)"/>',
        '<set attributeName="href" to="javascript:alert(1)"/>',
        '<h:script xmlns:h="http://www.w3.org/1999/xhtml">alert(1)</h:script>',
    ],
)
def test_an_svg_that_does_something_is_refused(save, inside):
    answer = save(logo=upload(SVG.format(inside)))
    assert answer.status_code == 200
    assert "Этот SVG не подходит" in text_of(answer)
    assert not BrandSettings.objects.exclude(logo="").exists()


@pytest.mark.parametrize(
    "content",
    [
        '<!DOCTYPE svg [<!ENTITY a "b">]>' + SVG.format("<title>&a;</title>"),
        '<?xml-stylesheet href="https://evil.example/x.css"?>' + SVG.format(""),
        SVG.format("<script>alert(1)</script>").encode("utf-16"),
        "<html xmlns='http://www.w3.org/1999/xhtml'/>",
        "<svg>",
        '<?xml version="1.0" encoding="gb2312"?>' + SVG.format(""),
        "",
        b"MZ\x90\x00",
        picture((3000, 3000)),
        picture() + b"x" * 1_000_001,
        picture()[:60],
        picture(kind="GIF"),
    ],
)
@pytest.mark.parametrize("name", ["logo.svg", "logo.png"])
def test_what_is_no_logo_is_refused_whatever_its_name(save, content, name):
    assert save(logo=upload(content, name)).status_code == 200
    assert not BrandSettings.objects.exclude(logo="").exists()


def tens(what: str) -> str:
    """A million of it, by groups that repeat each other ten times."""
    groups = "".join(
        f'<g id="t{size}">{what.format(size - 1) * 10}</g>' if size else '<path id="t0"/>'
        for size in range(7)
    )
    return f"<defs>{groups}</defs>{what.format(6)}"


@pytest.mark.parametrize(
    "inside",
    [
        tens('<use href="#t{}"/>'),
        tens('<path fill="url(#t{})"/>'),
        '<g id="a"><use href="#a"/></g>',
        "<g>" * 200 + "</g>" * 200,
        "".join(f'<g id="c{at}"><use href="#c{at + 1}"/></g>' for at in range(2000)),
    ],
)
def test_an_svg_that_would_be_drawn_for_hours_is_refused(save, inside):
    """Bills of all companies are drawn by the same workers."""
    answer = save(logo=upload(SVG.format(inside)))
    assert answer.status_code == 200 and "Этот SVG не подходит" in text_of(answer)


def test_a_drawing_programs_svg_is_taken(save):
    inkscape = (
        '<sodipodi:namedview xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"/>'
        '<defs><linearGradient id="a"><stop offset="0"/></linearGradient></defs>'
        "<style>.b{fill:url(#a)}</style>"
        '<use href="#a" style="fill:url(#a)"/>'
    )
    assert save(logo=upload(SVG.format(inkscape))).status_code == 302


# --- contacts and applications -----------------------------------------------------------------------


def test_contacts_and_applications_are_where_people_look(save, guest):
    answer = save(
        phone="(8112) 59-50-50",
        contact_centre_phone="8 800 555-35-35",
        emergency_phone="104",
        email="office@example.ru",
        app_store_url="https://apps.apple.com/ru/app/id1",
        google_play_url="https://play.google.com/store/apps/details?id=x",
        rustore_url="https://www.rustore.ru/catalog/app/x",
        entry_text="Рады вас видеть!",
        footer_text="Приём граждан — по записи.",
    )
    assert answer.status_code == 302, text_of(answer)
    home = text_of(guest.get("/"))
    for words in (
        "tel:+78005553535",
        "8 800 555-35-35",
        "Контакт-центр",
        "mailto:office@example.ru",
        "по записи.",
    ):
        assert words in home, words
    entry = text_of(guest.get("/cabinet/login/"))
    for words in ("Рады вас видеть!", "App Store", "Google Play", "https://www.rustore.ru/"):
        assert words in entry, words


def test_no_empty_block_of_applications(guest):
    assert "Приложение для телефона" not in text_of(guest.get("/cabinet/login/"))


@pytest.mark.parametrize(
    "fields",
    [
        {"app_store_url": "https://evil.example/apps.apple.com/"},
        {"app_store_url": "https://apps.apple.com.evil.example/"},
        {"google_play_url": "http://play.google.com/store"},
        {"rustore_url": "javascript:alert(1)"},
        {"phone": "позвоните нам"},
        {"email": "почта"},
    ],
)
def test_wrong_contacts_are_refused(save, fields):
    assert save(**fields).status_code == 200
    assert not BrandSettings.objects.filter(**fields).exists()

"""The page on which anybody checks a certificate by its code."""

import datetime
import re

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from cabinet.statements.certificates.codes import ALPHABET, code_typed, new_code
from portal.formats.places import address_street
from portal.limits import CountersDown
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    logged_in,
    text_of,
    without_ids,
)
from tests.support.issued_certificates import check, issue, typed


def test_a_third_party(owner_client, path, figure_28, guest):
    """The frozen text, but for the surname, the whole number, house and flat; nobody stores the page."""
    certificate = issue(owner_client, path)
    response = check(guest, certificate.code)
    page = text_of(response).partition("<main")[2].partition("</main")[0]
    for text in (
        certificate.number,
        "Елена Григорьевна О.",
        "г. Псков, Рижский пр.",
        "оканчивается на …107",
        "Задолженность 3,79 ₽",
        "январь 2024 г. — май 2024 г.",
    ):
        assert text in page, text
    for text in ("Осипова", "805107", "кв.", "д. 20"):
        assert text not in without_ids(page), text
    assert "no-store" in response.headers["Cache-Control"]
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()
    assert "no-store" in guest.get("/certificates/").headers["Cache-Control"]
    # As people type it: small, without dashes, Russian letters that look the same.
    spoken = (
        certificate.code.replace("-", " ").lower().translate(str.maketrans("abcehkm0", "авсенкмо"))
    )
    answer = guest.post("/certificates/", {"code": spoken})
    assert answer.headers["Location"] == f"/certificates/{certificate.code}/"


def test_the_qr_code_leads_to_the_check(owner_client, path, figure_28, guest):
    import pypdfium2
    import zxingcpp

    certificate = issue(owner_client, path)
    content = owner_client.get(f"{path}certificates/{certificate.pk}.pdf").content
    picture = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()
    address = zxingcpp.read_barcode(picture).text
    assert f"//{PSKOV_HOST}" in address
    assert certificate.number in text_of(guest.get("/" + address.split("/", 3)[3]))


@pytest.mark.parametrize("text", ["", "7K3M", "не знаю", "U" * 16, "0" * 17, "'; --", "x" * 5000])
def test_what_is_no_code(guest, db, pskov, text):
    response = guest.post("/certificates/", {"code": text})
    assert response.status_code == 200
    assert 'id="id_code"' in response.content.decode()
    assert "error" in response.content.decode()


def test_expired_foreign_and_unknown_codes_are_the_same(
    owner, owner_client, path, figure_28, guest, novgorod, clock
):
    certificate = issue(owner_client, path)
    pages = [check(Client(headers={"host": NOVGOROD_HOST}), certificate.code)]
    pages.append(check(guest, new_code()))
    pages.append(check(guest, "x"))
    clock.at(certificate.expires_at - datetime.timedelta(seconds=1))
    assert check(guest, certificate.code).status_code == 200
    clock.at(certificate.expires_at)
    pages.append(check(guest, certificate.code))
    assert {page.status_code for page in pages} == {404}
    for page in pages:
        assert "Действующей справки с таким кодом нет" in text_of(page)
        assert page.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in page.headers["Cache-Control"]
    assert "срок истёк" in text_of(logged_in(owner, PSKOV_HOST).get(path))


def test_wrong_codes_block_the_visitor(owner_client, path, figure_28, guest):
    certificate = issue(owner_client, path)
    for _ in range(5):
        assert check(guest, new_code()).status_code == 404
    blocked = check(guest, certificate.code)
    assert blocked.status_code == 429 and certificate.number not in text_of(blocked)
    assert "Слишком много неверных кодов" in text_of(guest.get("/certificates/"))
    assert check(Client(headers={"host": PSKOV_HOST}), certificate.code).status_code == 200


def test_wrong_codes_without_a_cookie_block_the_network(owner_client, path, figure_28):
    certificate = issue(owner_client, path)
    for _ in range(60):
        assert check(Client(headers={"host": PSKOV_HOST}), "x").status_code == 404
    assert check(Client(headers={"host": PSKOV_HOST}), certificate.code).status_code == 429


def test_without_valkey(owner_client, path, figure_28, guest, monkeypatch):
    certificate = issue(owner_client, path)

    def down(*_: object) -> None:
        raise CountersDown

    monkeypatch.setattr("portal.limits.RateLimit.seconds_left", down)
    for response in (check(guest, certificate.code), guest.get("/certificates/")):
        assert response.status_code == 503
        assert "Проверка временно недоступна" in text_of(response)
        assert certificate.number not in text_of(response)
    monkeypatch.setattr("portal.limits.RateLimit.spend", down)
    answer = owner_client.post(f"{path}certificate/", typed(), follow=True)
    assert "Сейчас справку выдать не получилось" in text_of(answer)


@given(st.text(alphabet=ALPHABET, min_size=16, max_size=16))
def test_a_code_is_read_as_it_is_printed(signs):
    code = "-".join(signs[n : n + 4] for n in (0, 4, 8, 12))
    assert code_typed(code) == code_typed(f" {signs.lower()}. ") == code_typed(code) == code
    assert code_typed(signs.replace("0", "O").replace("1", "l")) == code
    assert code_typed(signs[:-1]) == code_typed(signs + "Z") == ""


def test_new_codes_have_80_bits():
    codes = {new_code() for _ in range(1000)}
    assert len(codes) == 1000 and len(ALPHABET) == 32 == len(set(ALPHABET))
    assert all(
        re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", c) for c in codes
    )


@pytest.mark.parametrize(
    ("address", "street"),
    [
        ("628416, г. Сургут, пр. Ленина, д. 33, кв. 27", "г. Сургут, пр. Ленина"),
        ("г. Псков, Рижский пр. 20-1", "г. Псков, Рижский пр."),
        ("Псков Рижский 20 1", "Псков Рижский"),
        ("ул. 8 Марта, д. 5, кв. 1", "ул. 8 Марта"),
        ("г. Сургут, ул. 60 лет Октября 5 кв 7", "г. Сургут, ул. 60 лет Октября"),
        ("д. Заречье, ул. Лесная, 5", "д. Заречье, ул. Лесная"),
        ("Псковская обл., д. Заречье, д. 5", "Псковская обл., д. Заречье"),
        ("г. Псков, 1-я Линия, 14/2, кв.6", "г. Псков, 1-я Линия"),
        ("ул.Юбилейная,д.1а,кв.12", "ул.Юбилейная"),
        ("г. Псков, ул. Ленина, д. б/н, кв. три", "г. Псков, ул. Ленина"),
        ('Псковский р-н, СНТ "Ручеёк"; участок 14', 'Псковский р-н, СНТ "Ручеёк"'),
        ("12", ""),
        ("", ""),
    ],
)
def test_streets_without_house_and_flat(address, street):
    assert address_street(address).replace("\xa0", " ") == street

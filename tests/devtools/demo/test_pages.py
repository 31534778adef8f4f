from pathlib import Path

import pytest
from django.test import Client

NAME = f"{'1' * 20}-abcdef"


@pytest.fixture
def mail_folder(tmp_path: Path, settings) -> Path:
    settings.DEMO_MAIL_DIR = tmp_path
    return tmp_path


def test_a_letter_is_listed_and_its_link_can_be_followed(
    guest: Client, pskov, mail_folder: Path
) -> None:
    letter = "Subject: Подтверждение\nTo: a@example.ru\n\nhttp://pskov.gas.localhost/confirm/abc/\n"
    (mail_folder / f"{NAME}.eml").write_text(f"Content-Type: text/plain; charset=utf-8\n{letter}")
    page = guest.get("/demo/mail/").content.decode()
    assert f'href="/demo/mail/{NAME}/"' in page
    letter_page = guest.get(f"/demo/mail/{NAME}/").content.decode()
    assert 'href="http://pskov.gas.localhost/confirm/abc/"' in letter_page


def test_markup_in_a_letter_is_shown_as_text(guest: Client, pskov, mail_folder: Path) -> None:
    (mail_folder / f"{NAME}.eml").write_text("Subject: <b>x</b>\n\n<script>alert(1)</script>\n")
    for address in ("/demo/mail/", f"/demo/mail/{NAME}/"):
        page = guest.get(address).content.decode()
        assert "<b>x</b>" not in page
        assert "<script>alert" not in page


def test_there_is_no_other_letter(guest: Client, pskov, mail_folder: Path) -> None:
    assert "Пока пусто" in guest.get("/demo/mail/").content.decode()
    assert guest.get(f"/demo/mail/{NAME}/").status_code == 404
    assert guest.get("/demo/mail/..%2F..%2Fmanage.py/").status_code == 404

import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from devtools.demo.mailbox import letter_read, letters


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        number = listening.fileno()
        process = subprocess.Popen(
            [sys.executable, "-m", "devtools.demo.mail", str(number), str(tmp_path)],
            pass_fds=(number,),
        )
        yield listening.getsockname()[1]
        process.kill()
        process.wait()


def letter(subject: str) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = "Портал <no-reply@gas.localhost>", "иван@пример.рф"
    message["Subject"] = subject
    message.set_content("Подтвердите адрес:\nhttp://pskov.gas.localhost:8000/cabinet/confirm/abc/")
    message.add_alternative("<p>Подтвердите <a href='#'>адрес</a></p>", subtype="html")
    return message


def test_letters_are_caught_and_read_newest_first(port: int, tmp_path: Path) -> None:
    with smtplib.SMTP("127.0.0.1", port, timeout=10) as client:
        for subject in ("Подтверждение адреса", "Показание принято"):
            client.send_message(letter(subject))
    caught = letters(tmp_path)
    assert [each.subject for each in caught] == ["Показание принято", "Подтверждение адреса"]
    assert caught[0].recipient == "иван@пример.рф"
    assert "http://pskov.gas.localhost:8000/cabinet/confirm/abc/" in caught[0].text
    assert letter_read(tmp_path, caught[0].name) == caught[0]


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 20 + "-abcdef", "x" * 1000])
def test_there_is_no_other_letter(tmp_path: Path, name: str) -> None:
    assert letter_read(tmp_path, name) is None


def test_a_letter_without_a_text_is_shown_all_the_same(tmp_path: Path) -> None:
    (tmp_path / f"{'0' * 20}-abcdef.eml").write_bytes(b"Subject: =?utf-8?q?broken\n\n\xff\xfe")
    assert len(letters(tmp_path)) == 1

"""No answer and no work that is done for it tells whether an address or telephone is registered.

Work is counted, not timed: hashes and queries do not depend on what else the machine does.
"""

import re
from dataclasses import dataclass

import pytest
from django.contrib.auth import hashers
from django.db import connection
from django.test.utils import CaptureQueriesContext

from portal.messaging.models import Message
from tests.cabinet.subscribers.registering import PHONE, REGISTER, browser, by_email, by_phone
from tests.support.applying import FORM, by_application, filled
from tests.support.factories import make_subscriber, text_of

HASHER = hashers.MD5PasswordHasher


@dataclass(frozen=True)
class Work:
    page: str
    status: int
    location: str
    hashes: int
    reads: int
    writes: int


@pytest.fixture
def work_of(monkeypatch):
    """Send a form from a fresh browser; what came back, and what it cost."""
    counted = []
    encode = HASHER.encode

    def counting(self, password, salt):
        counted.append(1)
        return encode(self, password, salt)

    monkeypatch.setattr(HASHER, "encode", counting)

    def send(path, form):
        counted.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = browser().post(path, form)
        words = [re.match(r"\w+", query["sql"])[0] for query in queries]
        page = text_of(answer)
        for typed in form.values():
            page = page.replace(str(typed), "…")
        # Tokens differ from page to page.
        page = re.sub(r'(value|data-parameters)="[^"]*"', "", page)
        return Work(
            page=page,
            status=answer.status_code,
            location=answer.headers.get("Location", ""),
            hashes=len(counted),
            reads=words.count("SELECT"),
            writes=sum(words.count(word) for word in ("INSERT", "UPDATE", "DELETE")),
        )

    return send


@pytest.fixture(autouse=True)
def _somebody(pskov):
    make_subscriber("owner@mail.ru", PHONE)
    browser().get("/cabinet/login/")  # what the first request of a process remembers


def login(contact: str) -> dict[str, str]:
    by = "email" if "@" in contact else "phone"
    return {"by": by, by: contact, "password": "не тот пароль"}


@pytest.mark.parametrize(
    ("known", "unknown"), [("owner@mail.ru", "other@mail.ru"), (PHONE, "+79117654321")]
)
def test_a_login_tells_no_known_contact_from_an_unknown_one(work_of, known, unknown):
    work_of("/cabinet/login/", login("warm@mail.ru"))
    first, second = (
        work_of("/cabinet/login/", login(known)),
        work_of("/cabinet/login/", login(unknown)),
    )
    assert first == second
    assert first.hashes == 2  # of a cabinet, and of a registration that waits


@pytest.mark.parametrize(
    ("known", "unknown"),
    [
        (lambda: by_email("owner@mail.ru"), lambda: by_email("other@mail.ru")),
        (lambda: by_phone(PHONE), lambda: by_phone("+79117654321")),
    ],
)
def test_a_registration_tells_no_known_contact_from_an_unknown_one(work_of, known, unknown):
    work_of(REGISTER, by_email("warm@mail.ru"))
    first, second = work_of(REGISTER, known()), work_of(REGISTER, unknown())
    assert first == second
    assert first.status == 302 and first.hashes == 1
    kinds = Message.objects.order_by("created_at").values_list("kind", flat=True)
    assert list(kinds)[1:] == ["already_registered", "confirm_registration"]


def test_an_application_tells_neither_a_known_address_nor_a_known_account(work_of, account):
    """Nor whether billing has what was typed, nor who holds the account."""
    by_application()
    forms = [
        filled(email="warm@mail.ru"),
        filled(email="owner@mail.ru"),
        filled(email="other@mail.ru"),
        filled(email="third@mail.ru", account_number="999999", last_name="Другая"),
    ]
    _warm, known, *others = [work_of(FORM, form) for form in forms]
    assert all(one == known for one in others)
    assert (known.status, known.hashes) == (302, 0)
    assert set(Message.objects.values_list("kind", flat=True)) == {"confirm_application"}


def test_the_page_after_it(pskov):
    pages = []
    for email in ("owner@mail.ru", "other@mail.ru"):
        client = browser()
        client.post(REGISTER, by_email(email))
        page = text_of(client.get("/cabinet/")).replace(email, "…")
        pages.append(re.sub(r'(value|data-resend)="[^"]*"|через \d+', "", page))
    assert pages[0] == pages[1]


def test_the_limit_of_wrong_passwords(work_of, monkeypatch):
    """The try that is refused, and that has a link sent to the owner, costs the same for nobody."""
    from limits import RateLimitItemPerMinute

    from cabinet.subscribers.entry import limits

    monkeypatch.setattr(limits.ACCOUNT, "item", RateLimitItemPerMinute(2, 15))
    works = {}
    for contact in ("warm@mail.ru", "owner@mail.ru", "other@mail.ru"):
        works[contact] = [work_of("/cabinet/login/", login(contact)) for _ in range(4)]
    assert works["owner@mail.ru"] == works["other@mail.ru"]
    assert "Слишком много" in works["owner@mail.ru"][2].page
    assert works["owner@mail.ru"][2].hashes == 0


def test_the_limit_of_messages(work_of):
    works = {}
    for email in ("warm@mail.ru", "owner@mail.ru", "other@mail.ru"):
        works[email] = [work_of(REGISTER, by_email(email)) for _ in range(6)]
    assert works["owner@mail.ru"] == works["other@mail.ru"]
    assert "уже отправили" in works["owner@mail.ru"][5].page

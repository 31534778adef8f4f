"""Wrong proofs: ten a day of an account and of a person, then none is looked at; holders hear of them."""

import re

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from redis.exceptions import ConnectionError as Down

from cabinet.accounts import proving
from cabinet.accounts.models import RefusedProof
from cabinet.accounts.proofs import WIDE_ENOUGH, proof_of
from cabinet.accounts.tasks import surname_changes_handle
from cabinet.accounts.typed import serial_number
from cabinet.meters.models import Meter
from cabinet.meters.serial_numbers import hidden_width, masked_numbers, visible_end
from cabinet.subscribers.models import AccountLink
from portal.connection import connection
from portal.messaging.models import Message
from tests.exchange.builder import OSIPOVA, accounts
from tests.exchange.conftest import load  # noqa: F401 — a fixture
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    make_account,
    make_link,
    make_meter,
    make_subscriber,
    text_of,
    without_ids,
)
from tests.support.guest_readings import PATH as GUEST_PATH
from tests.support.guest_readings import account_path, find
from tests.support.linking import RIGHT, link_by_wizard

NEW_OWNER = OSIPOVA.replace("Осипова;Елена;Григорьевна", "Бобров;Евгений;Глебович")
STOPPED = "ответы больше не проверяем"


@pytest.fixture(autouse=True)
def _no_other_limits(monkeypatch):
    """Three in a row block a browser, sixty an address; a guesser has many of both."""
    monkeypatch.setattr("cabinet.accounts.lookup.client_lockout.limit", 10**6)


@pytest.fixture
def somebody(pskov):
    """Makes a browser of a new person each time."""
    made = []

    def make() -> Client:
        person = make_subscriber(f"guesser{len(made)}@mail.ru")
        made.append(person)
        agree(person, pskov)
        return logged_in(person, PSKOV_HOST)

    return make


def wrong(number: int) -> dict[str, str]:
    return RIGHT | {"serial_number": f"90{number:05}"}


# --- limits ---------------------------------------------------------------------------------------------


def test_after_ten_of_one_account_nobody_gets_an_answer_looked_at(somebody, account):
    for number in range(10):
        assert "Не нашли" in text_of(link_by_wizard(somebody(), wrong(number)))
    page = text_of(link_by_wizard(somebody()))
    assert STOPPED in page and "сутки" in page
    assert not AccountLink.objects.exists()


def test_after_ten_of_one_person_no_account_is_proved(somebody, account):
    guesser = somebody()
    for number in range(10):
        link_by_wizard(guesser, wrong(number) | {"account_number": f"70{number}"})
    page = text_of(link_by_wizard(guesser))
    assert STOPPED in page and not AccountLink.objects.exists()
    link_by_wizard(somebody())
    assert AccountLink.objects.exists(), "the account itself is free"


def test_an_unknown_number_counts_as_any_other(somebody, account):
    def answers(number: str, **changed: str) -> list[str]:
        found = []
        for _ in range(11):
            answer = link_by_wizard(somebody(), {"account_number": number} | changed)
            found.append(re.search(r"notice__title\">([^<]+)|Не нашли[^<]+", text_of(answer))[0])
        return found

    assert answers("111") == answers("805107", serial_number="1")


def test_a_right_proof_costs_nothing(somebody, account):
    for number in range(9):
        link_by_wizard(somebody(), wrong(number))
    for number in range(3):
        link_by_wizard(somebody())
        assert AccountLink.objects.count() == number + 1
    holder = somebody()
    link_by_wizard(holder)
    for _ in range(12):
        assert "уже привязан" in text_of(link_by_wizard(holder))


def test_one_that_is_not_offered_costs_nothing_either(owner_client, owner, pskov):
    agree(owner, pskov)
    make_account("900")
    for _ in range(12):
        page = text_of(link_by_wizard(owner_client, {"account_number": "900"}))
        assert "не о чем спросить" in page


def test_what_a_guest_page_shows_is_still_shown(somebody, account, guest):
    for number in range(10):
        link_by_wizard(somebody(), wrong(number))
    assert "1900" in find(guest, meter_tail="852")


def test_valkey_down_looks_at_nothing(owner_client, owner, pskov, account, monkeypatch):
    agree(owner, pskov)

    def down(*_: object, **__: object) -> None:
        raise Down("no answer")

    monkeypatch.setattr("limits.storage.redis.RedisStorage.incr", down)
    assert "временно" in text_of(link_by_wizard(owner_client))
    assert not AccountLink.objects.exists()


def test_a_confirmation_is_counted_with_them(load, account, link, owner_client, somebody):  # noqa: F811
    load(accounts(NEW_OWNER))
    path = f"/cabinet/{link.pk}/confirm/"
    answers = {"initials": "БЕГ", "proof": "meter", "serial_number": "07416852"}
    for number in range(5):
        link_by_wizard(somebody(), wrong(number))
        assert "не подошли" in text_of(owner_client.post(path, answers | {"initials": "ААА"}))
    answer = owner_client.post(path, answers)
    assert answer.status_code == 429 and STOPPED in text_of(answer)
    link.refresh_from_db()
    assert link.confirmed_at is None


def test_a_confirmation_says_that_the_number_will_not_do(load, account, link, owner_client):  # noqa: F811
    Meter.objects.update(serial_number="б/н")
    load(accounts(NEW_OWNER))
    path = f"/cabinet/{link.pk}/confirm/"
    answers = {"initials": "БЕГ", "proof": "meter", "serial_number": "б/н"}
    page = text_of(owner_client.post(path, answers))
    assert "подтвердит оператор" in page and 'name="serial_number"' not in page


# --- letters to holders ---------------------------------------------------------------------------------


def letters() -> list[str]:
    found = Message.objects.filter(kind="account_proof_refused")
    return sorted(found.values_list("recipient", flat=True))


def test_holders_hear_of_it_once_a_day(somebody, stranger, owner, pskov, account, clock):
    make_link(owner, pskov, account)
    make_link(stranger, pskov, account)
    clock.at("2026-11-20T12:00")
    for number in range(4):
        link_by_wizard(somebody(), wrong(number))
    assert letters() == ["owner@mail.ru", "stranger@mail.ru"]
    letter = Message.objects.filter(kind="account_proof_refused").first()
    text = " ".join(letter.text.split())
    for part in ("805107", "номер счётчика — нет", "Мы отказали", "ничего не изменилось"):
        assert part in text, part
    assert "7416852" not in letter.text + letter.html and "90000" not in letter.text + letter.html
    clock.at("2026-11-21T12:00")
    link_by_wizard(somebody(), wrong(5))
    assert len(letters()) == 4


def test_not_who_guesses_nor_whose_link_waits_for_a_proof(
    owner_client, stranger, pskov, account, link
):
    waiting = make_link(stranger, pskov, account)
    AccountLink.objects.filter(pk=waiting.pk).update(unconfirmed_since="2026-11-01T00:00Z")
    agree(link.subscriber, pskov)
    link_by_wizard(owner_client, wrong(1))
    assert letters() == []


@pytest.mark.parametrize("changed", [{"initials": "АБВ"}, {"account_number": "111"}])
def test_nobody_hears_of_a_number_without_its_initials(changed, somebody, link):
    link_by_wizard(somebody(), wrong(1) | changed)
    assert letters() == [] and not RefusedProof.objects.exists()


def test_a_letter_that_is_lost_is_not_taken_for_sent(somebody, link, monkeypatch):
    notify = proving.subscriber_notify

    def killed(**_: object) -> None:
        raise RuntimeError("killed")

    monkeypatch.setattr(proving, "subscriber_notify", killed)
    with pytest.raises(RuntimeError):
        link_by_wizard(somebody(), wrong(1))
    monkeypatch.setattr(proving, "subscriber_notify", notify)
    link_by_wizard(somebody(), wrong(2))
    assert letters() == ["owner@mail.ru"]


def test_a_new_owner_is_not_reported_to_the_old_one(load, link, somebody):  # noqa: F811
    load(accounts(NEW_OWNER))
    surname_changes_handle()
    link_by_wizard(somebody(), wrong(1) | {"initials": "БЕГ"})
    assert letters() == []


# --- what guests see ------------------------------------------------------------------------------------


def test_the_careful_question_tells_nothing_of_what_linking_asks(account):
    """Its guesses are not refused: an answer that has the signs shown is right, whatever stands before."""
    guess = Client(headers={"host": PSKOV_HOST})
    for _ in range(10):
        guess.post(GUEST_PATH, RIGHT | {"initials": "АБВ"})
    for typed in ("852", "6852", "07416852", "952", "99999952", "х52"):
        assert "1900" in find(Client(headers={"host": PSKOV_HOST}), meter_tail=typed), typed
    for typed in ("851", "07416851"):
        assert "1900" not in without_ids(
            find(Client(headers={"host": PSKOV_HOST}), meter_tail=typed)
        ), typed


def test_an_owner_without_visible_signs_is_not_asked(pskov):
    account = make_account("900")
    make_meter(account, "m-9", serial_number="21764", model="Гранд")
    make_meter(account, "m-8", serial_number="99887766")
    for _ in range(10):
        Client(headers={"host": PSKOV_HOST}).post(
            GUEST_PATH, RIGHT | {"account_number": "900", "initials": "АБВ"}
        )
    page = find(Client(headers={"host": PSKOV_HOST}), account_number="900")
    assert "№ скрыт" in page and "№ …766" in page and "2176" not in without_ids(page)


def test_meters_that_look_alike_are_counted_on_every_page(guest, pskov):
    account = make_account("900")
    # By number the second would be the first.
    meters = [make_meter(account, f"m-{n}", serial_number=n) for n in ("85552152", "71116152", "9")]
    page = find(guest, account_number="900")
    numbers = re.findall(r"Счётчик № ([^<]+)", page)
    assert numbers == ["…152 (1-й из 2)", "…152 (2-й из 2)", "скрыт"]
    sent = {f"value_{meter.pk}": "7" for meter in meters}
    answer = text_of(guest.post(account_path(page), sent, follow=True))
    assert (
        "№ …152 (2-й из 2)" in answer
        and "6152" not in without_ids(answer)
        and "2152" not in without_ids(answer)
    )


def test_no_letter_has_the_number_of_the_account_and_of_the_meter(owner_client, path, meter):
    owner_client.post(path, {f"value_{meter.pk}": "1905", "shown": "1"}, follow=True)
    letter = Message.objects.get(kind="readings_received")
    assert "805107" in letter.text and "№ …52" in letter.text.replace("\xa0", " ")
    assert "6852" not in without_ids(letter.text + letter.html)


SERIALS = st.text(alphabet=st.sampled_from("0123456789АБN-/ \u200b"), max_size=14)


@given(SERIALS | st.text(max_size=20))
def test_of_any_number_half_is_hidden_and_five_digits(text):
    number, end = serial_number(text), visible_end(text)
    assert number.endswith(end) and 2 * len(end) <= len(number) and len(end) <= 3
    hidden = number[: len(number) - len(end)]
    assert not end or sum(sign in "0123456789" for sign in hidden) >= 5
    assert 1 <= hidden_width(text) <= 10 ** max(1, len(hidden))
    if len(re.sub("[^0-9]", "", number)) < 4:
        assert hidden_width(text) < WIDE_ENOUGH
    (shown,) = masked_numbers([Meter(pk=1, model="М", serial_number=text)]).values()
    assert shown == (f"…{end}" if end else "скрыт")


@pytest.mark.parametrize(
    "number", ["07416852", "0741-6852", " a3307118", "А/33_07-118", "000", "б/н"]
)
def test_the_database_compares_numbers_as_linking_does(number, pskov):
    meter = make_meter(make_account("900"), serial_number=number)
    meter.refresh_from_db()
    assert meter.compared_number == serial_number(number)


def test_a_number_is_accepted_beside_one_that_is_not(pskov):
    account = make_account("900")
    make_meter(account, "m-9", serial_number="б/н")
    make_meter(account, "m-8", serial_number="99887266")
    proof = proof_of("gas", "meter")
    assert set(proof.answers(account)) == {"99887266"}


def test_the_question_costs_two_queries_a_meter_by_their_index(pskov):
    account = make_account("900")
    make_meter(account, "m-8", serial_number="99887266")
    with CaptureQueriesContext(connection) as captured:
        assert proof_of("gas", "meter").find(account, None)
    asked = [query["sql"] for query in captured if "compared_number" in query["sql"]]
    assert len(captured) == 3
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in asked[1:]:  # the first reads the account's meters, all their columns
            cursor.execute(f"EXPLAIN {query}")
            assert "meter_compared_number" in str(cursor.fetchall()), query

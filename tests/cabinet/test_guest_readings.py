"""Manual 1, 2.1.2.2: a reading without registration."""

import datetime
import re

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cabinet.accounts import lookup
from cabinet.meters.models import Reading, Submission
from tenants.models import GasCompany, Region
from tests.support.factories import (
    NOVGOROD_HOST,
    PSKOV_HOST,
    make_account,
    make_meter,
    make_reading,
    text_of,
    without_ids,
)
from tests.support.guest_readings import PATH, RIGHT, account_path, find

WRONG = {**RIGHT, "initials": "АБВ"}


def browser(host: str = PSKOV_HOST) -> Client:
    return Client(headers={"host": host})


def test_the_hosts_region_is_preselected(guest, account):
    page = text_of(guest.get(PATH))
    assert re.search(r'<option value="Псковская область"\s+selected', page)
    assert '<option value="Новгородская область"' in page


def test_of_a_meters_number_the_last_signs_are_shown(guest, account):
    make_meter(account, "m-2", serial_number="99887766", model="Гранд-4", digits=6)
    page = find(guest)
    for text in ("ВК Арзамас G4T", "№ …52", "1900", "27.04.2024", "Гранд-4", "№ …766"):
        assert text in page, text
    for hidden in ("852", "7766"):
        assert hidden not in without_ids(page)


def test_another_region_is_served_in_place(guest, novgorod, pskov):
    with schema_context("novgorod"):
        account = make_account(
            "510080", last_name="Васильев", first_name="Андрей", patronymic="Михайлович"
        )
        meter = make_meter(account)
        make_reading(meter, 100, datetime.date(2026, 10, 20))
    found = {"region": "Новгородская область", "account_number": "510080", "initials": "ВАМ"}
    page = find(guest, **found)
    answer = guest.post(account_path(page), {f"value_{meter.pk}": "120"}, follow=True)
    assert "Показания успешно переданы" in text_of(answer)
    assert not Reading.objects.exists()
    with schema_context("novgorod"):
        assert Reading.objects.get(origin="portal").value == 120


def test_a_region_with_two_companies_asks_which(guest, account, novgorod):
    novgorod.regions.add(Region.objects.get(name="Псковская область"))
    page = find(guest)
    assert "Выберите компанию" in page and "1900" not in without_ids(page)
    assert "1900" in find(guest, company="pskov")


def test_a_fund_is_not_among_them(guest, account, novgorod):
    GasCompany.objects.filter(pk=novgorod.pk).update(kind="capital_repair")
    assert "Новгородская область" not in text_of(guest.get(PATH))
    assert browser(NOVGOROD_HOST).get(PATH).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [
        {"account_number": "805 107"},
        {"account_number": "№ 805107"},
        {"account_number": "805-107 "},
        {"initials": "оег"},
        {"initials": "О.Е.Г."},
        {"initials": "О Е Г"},
        {"initials": "OEГ"},  # Latin O and E
    ],
)
def test_what_a_person_means_is_understood(guest, account, changed):
    assert "1900" in find(guest, **changed)


@pytest.mark.parametrize(
    ("names", "typed"),
    [
        (("Ёлкина", "Анна", ""), "ЕА"),
        (("Ёлкина", "Анна", ""), "ёа"),
        (("Елкина", "Анна", ""), "Ёа"),
        (("Ким", "Ен", "Ир"), "КЕИ"),
        (("Ёлкина", "Алёна", "Семёновна"), "Ёлкина Алёна Семёновна"),
        (("Ёлкина", "Алёна", "Семёновна"), "елкина а.с."),
        (("\u00a0Коваль", "Анна", "Олеговна"), "KAO"),  # Latin
        (("Koваль", "Анна", "Олеговна"), "КАО\u200b"),  # Latin in billing, an invisible sign here
        (("Ким", "Алексей", "-"), "КА"),
        (("Ким", "Алексей", "нет"), "К. А."),
        (("Ким", "Алексей", "Отсутствует"), "Ким Алексей нет"),
        (("Ким", "Алексей", "б/о"), "ка"),
        (("Smith", "John", "—"), "SJ"),
        (("Smith", "John", ""), "smith john"),
        (("Іваненко", "Оксана", "Петрівна"), "ІОП"),
        (("Іваненко", "Оксана", "Петрівна"), "ИОП"),
        (("Ґалаган", "Юрко", ""), "ҐЮ"),
        (("Ґалаган", "Юрко", ""), "ГЮ"),
        (("Ўласаў", "Ян", ""), "УЯ"),
        (("Римский-Корсаков", "Николай", "Андреевич"), "РНА"),
        (("Римский-Корсаков", "Николай", "Андреевич"), "Римский - Корсаков Николай Андреевич"),
        (("Алиев", "Гасан", "Самед оглы"), "АГС"),
        (("Алиева", "Севда", "Гасан-кызы"), "Алиева Севда Гасан кызы"),
        (("О’Нил", "Шон", "-"), "ОШ"),
        (("Сухарто", "-", "-"), "С"),
        (("Smith", "Mary", "None"), "SM"),
        (("Ким", "Алексей", "0"), "КА"),
        (("Римский-Корсаков", "Николай", "Андреевич"), "Р-К Н А"),
    ],
)
def test_the_true_initials_are_found(guest, pskov, names, typed):
    last, first, patronymic = names
    account = make_account("77", last_name=last, first_name=first, patronymic=patronymic)
    make_meter(account, model="Гранд")
    assert "Гранд" in find(guest, account_number="77", initials=typed)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"account_number": ""}, "Укажите номер"),
        ({"account_number": "—"}, "Укажите номер"),
        ({"account_number": "1" * 100}, "он короче"),
        ({"initials": ""}, "Укажите первые буквы"),
        ({"initials": "ОЕГА"}, "Введите только инициалы"),
        ({"initials": "Осипова"}, "Введите только инициалы"),
        ({"initials": "123"}, "Введите только инициалы"),
        ({"region": "Атлантида"}, "Атлантида"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_kept(guest, account, changed, message):
    page = find(guest, **changed)
    assert message in page
    assert "1900" not in without_ids(page)
    for value in changed.values():
        assert value in page
    # A form that cannot be looked up is no wrong attempt.
    assert "1900" in find(guest)


def test_the_way_back_may_show_what_a_form_was_answered(guest, account, meter):
    found = guest.post(PATH, RIGHT, follow=True)
    wrong = guest.post(account_path(text_of(found)), {f"value_{meter.pk}": "3"})
    for answer in (guest.post(PATH, WRONG), wrong):
        assert "no-store" not in answer.headers["Cache-Control"]
    assert "no-store" in found.headers["Cache-Control"]


def test_unknown_and_wrong_initials_look_the_same(account):
    def message(page: str) -> str:
        return re.search(r"Не нашли[^<]+", page)[0]

    unknown = find(browser(), account_number="111")
    wrong = find(browser(), initials="АБВ")
    assert message(unknown) == message(wrong)


def test_three_in_a_row_block_the_visitor_for_a_while(guest, account):
    for _ in range(2):
        assert guest.post(PATH, WRONG).status_code == 200
    assert guest.post(PATH, WRONG).status_code == 429
    blocked = guest.post(PATH, RIGHT)
    assert blocked.status_code == 429
    page = text_of(blocked)
    assert "15 минут" in page and "1900" not in without_ids(page)
    assert "1900" in find(browser())  # somebody else at the same address


def test_a_right_one_forgives(guest, account):
    for _ in range(3):
        for _ in range(2):
            guest.post(PATH, WRONG)
        assert "1900" in find(guest)


def test_the_address_has_a_wider_budget(account, monkeypatch):
    from limits import RateLimitItemPerHour

    monkeypatch.setattr(lookup.address_misses, "item", RateLimitItemPerHour(5))
    for _ in range(5):
        browser().post(PATH, WRONG | {"account_number": "111"})
    assert browser().post(PATH, RIGHT).status_code == 429


def test_ten_on_one_account_ask_for_more_but_never_shut_its_owner_out(account):
    for _ in range(10):
        browser().post(PATH, WRONG)
    client = browser()
    page = find(client)
    assert "Последние три знака" in page and "1900" not in without_ids(page)
    assert "1900" not in without_ids(find(client, meter_tail="111"))
    assert "1900" in find(client, meter_tail="852")
    assert "1900" in find(client, meter_tail="07416852")


def test_nine_on_one_account_do_not(account):
    for _ in range(9):
        browser().post(PATH, WRONG)
    assert "1900" in find(browser())


def test_counters_hold_over_all_hosts(account, novgorod):
    for _ in range(10):
        browser(NOVGOROD_HOST).post(PATH, WRONG)
    assert "Последние три знака" in find(browser())


def test_a_visitor_without_cookies_is_counted_by_address(account, monkeypatch):
    from limits import RateLimitItemPerHour

    monkeypatch.setattr(lookup.address_misses, "item", RateLimitItemPerHour(3))
    for _ in range(3):
        browser().post(PATH, {**WRONG, "account_number": "1"})
    assert browser().post(PATH, RIGHT).status_code == 429


def test_valkey_down_is_told_and_nothing_is_lost(guest, account, monkeypatch):
    from redis.exceptions import ConnectionError as Down

    def down(*_: object, **__: object) -> None:
        raise Down("no answer")

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.get", down)
    answer = guest.post(PATH, RIGHT)
    assert answer.status_code == 503
    page = text_of(answer)
    assert "временно" in page and "805107" in page and "1900" not in without_ids(page)


def test_a_closed_account_is_told(guest, account):
    account.closed_on = datetime.date(2026, 2, 1)
    account.save()
    page = find(guest)
    assert "закрыт 1 февраля 2026" in page and '"idempotency_key"' not in page


def test_an_account_without_meters_is_told(guest, pskov):
    make_account("42")
    assert "нет приборов учёта" in find(guest, account_number="42")


@pytest.mark.parametrize("what", ["closed", "removed"])
def test_what_ended_while_the_page_was_open_takes_none(guest, account, what):
    address = account_path(find(guest))
    meter = account.meters.get()
    ended = account if what == "closed" else meter
    type(ended).objects.update(**{f"{what}_on": datetime.date(2026, 2, 1)})
    send = {f"value_{meter.pk}": "1905"}
    page = text_of(guest.post(address, send, follow=True))
    assert "Показания не переданы" in page and "успешно" not in page
    assert not Submission.objects.exists()


@pytest.mark.parametrize("token", ["", "forged", "eyJhIjoxfQ:1abc:xyz"])
def test_a_forged_cookie_sends_nothing(guest, account, token):
    meter = account.meters.get()
    address = account_path(find(guest))
    guest.cookies[f"guest_{address.split('/')[-2]}"] = token
    answer = guest.post(address, {f"value_{meter.pk}": "1905"})
    assert answer.status_code == 404 and "открыта слишком долго" in text_of(answer)
    assert not Reading.objects.filter(origin="portal").exists()


def test_bad_readings_are_told_and_kept(guest, account):
    address = account_path(find(guest))
    meter = account.meters.get()
    send = {f"value_{meter.pk}": "3"}
    page = text_of(guest.post(address, send))
    assert "показание меньше прошлого" in page and 'value="3"' in page and "805107" in page
    answered = {f"lower_{meter.pk}": "replaced", f"replaced_unknown_{meter.pk}": "on"}
    answer = guest.post(address, send | answered, follow=True)
    assert "успешно" in text_of(answer)


def test_a_receipt_shows_no_more_than_the_page_did(guest, account):
    address = account_path(find(guest))
    meter = account.meters.get()
    answer = guest.post(address, {f"value_{meter.pk}": "1905"}, follow=True)
    page = text_of(answer)
    assert "№ …52" in page and "…852" not in page and "416852" not in without_ids(page)
    assert "Вернуться" in page

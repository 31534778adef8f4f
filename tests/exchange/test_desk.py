"""The operators' desk in the company's admin."""

import csv
import datetime
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.models import ExchangeKey, Package
from cabinet.exchange.package.progress import Progress, Step, progress_writer
from cabinet.exchange.uploaded_files import uploads_clean, uploads_folder
from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.services import staff_create
from tests.exchange.api import Billing, make_token, make_zip, work
from tests.exchange.builder import ARZAMAS, COMPANY, KIM, OSIPOVA, accounts, meters
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, PASSWORD, staff_client, text_of

DESK = "/admin/exchange/"


@pytest.fixture(autouse=True)
def _uploads(tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "private"


@pytest.fixture
def operator(pskov):
    return staff_client(
        staff_create(username="operator", password=PASSWORD, groups=[roles.OPERATORS])
    )


@pytest.fixture
def boss(company_administrator):
    return staff_client(company_administrator)


def upload(client, path, **fields):
    file = SimpleUploadedFile(path.name, path.read_bytes())
    return client.post(f"{DESK}packages/upload/", {"package": file, **fields})


def test_by_hand_in_the_browser(operator, pskov, tmp_path):
    answer = upload(operator, make_zip(tmp_path))
    package = Package.objects.get()
    assert answer.url == f"{DESK}packages/{package.pk}/"
    waiting = operator.get(answer.url)
    assert waiting.headers["Refresh"] == "3" and "Ждёт загрузки" in text_of(waiting)
    work(pskov)
    page = operator.get(answer.url)
    assert "Refresh" not in page.headers
    assert "Загружен вручную, operator, с адреса 127.0.0.1" in text_of(page)
    assert "accounts.csv" in text_of(page)
    assert "p-1" in text_of(operator.get(DESK))
    sent, done = AuditEntry.objects.filter(action__startswith="exchange.package").order_by("pk")
    zipped = (tmp_path / sent.details["file"]).read_bytes()
    assert (sent.actor_name, sent.details["size"]) == ("operator", len(zipped))
    assert sent.details["sha256"] == hashlib.sha256(zipped).hexdigest()
    assert (sent.details["result"], done.details["result"]) == ("ждёт загрузки", "загружен")


def test_nothing_chosen_and_no_zip(operator):
    assert "Выберите файл пакета" in text_of(operator.post(f"{DESK}packages/upload/", {}))
    file = SimpleUploadedFile("p.zip", b"no zip")
    answer = operator.post(f"{DESK}packages/upload/", {"package": file}, follow=True)
    assert "это не zip-архив" in text_of(answer)
    assert "Повторить" not in text_of(answer)  # it would be no zip again


def test_too_large_by_hand(operator, tmp_path, settings):
    settings.EXCHANGE_MAX_BYTES = 100
    assert "Разделите выгрузку" in text_of(upload(operator, make_zip(tmp_path)))
    assert not Package.objects.exists()


def test_progress_is_seen(operator, pskov, tmp_path):
    upload(operator, make_zip(tmp_path))
    package = Package.objects.get()
    Package.objects.update(state="running")
    report = progress_writer(package.pk)
    report(Progress(Step.READING, "accounts.csv", 1, 4, 500, 1000, part=0.31, seconds_left=150.2))
    for path in (DESK, f"{DESK}packages/{package.pk}/"):
        page = text_of(operator.get(path))
        assert "Читаю accounts.csv (1 из 4), строк: 500 из 1 000" in " ".join(page.split())
        assert "Осталось около трёх минут" in " ".join(page.split())
        assert 'value="31"' in page
    seen = Billing(make_token(pskov)).get(f"packages/{package.pk}").json()["progress"]
    assert (seen["step"], seen["percent"], seen["seconds_left"]) == ("reading", 31, 150)


def test_errors_then_again(operator, pskov, tmp_path):
    upload(operator, make_zip(tmp_path, name="p-0"))
    unknown = meters(ARZAMAS.replace("m-1;805107", "m-9;1"))
    upload(operator, make_zip(tmp_path, unknown, name="early"))
    work(pskov)
    package = Package.objects.get(package_id="early")
    path = f"{DESK}packages/{package.pk}/"
    page = text_of(operator.get(path))
    assert "Ошибок: 1" in page and "account_number" in page and "Повторить" in page
    assert "early" in text_of(operator.get(f"{DESK}?show=failed"))
    upload(operator, make_zip(tmp_path, accounts(KIM.replace("806233", "1")), name="late"))
    work(pskov)
    again = operator.post(f"{path}again/", follow=True)
    assert "поставлен в очередь" in text_of(again)
    work(pskov)
    again = Package.objects.filter(package_id="early").order_by("-pk").first()
    assert (again.state, again.attempts) == ("applied", 1)
    assert "early" not in text_of(operator.get("/admin/")).partition("Последний пакет")[0]
    assert AuditEntry.objects.filter(action="exchange.package_retry", subject="early").exists()


def test_mass_close_is_confirmed_in_words(operator, pskov, tmp_path):
    upload(operator, make_zip(tmp_path, name="all"))
    upload(operator, make_zip(tmp_path, accounts(KIM), name="half", mode="full"))
    work(pskov)
    package = Package.objects.get(package_id="half")
    path = f"{DESK}packages/{package.pk}/"
    page = " ".join(text_of(operator.get(path)).split())
    assert "счетов 1 из 2 действительно нужно закрыть" in page
    assert "Повторить" not in page
    operator.post(f"{path}again/", {"allow_mass_close": "yes"})
    work(pskov)
    assert PersonalAccount.objects.exclude(closed_on=None).count() == 1
    assert AuditEntry.objects.filter(action="exchange.package_mass_close").exists()


def test_operators_see_and_download_rejected_rows(operator, pskov, tmp_path):
    content = COMPANY | accounts(OSIPOVA, KIM, KIM.replace("806233", "9").replace("2021", "20Z1"))
    upload(operator, make_zip(tmp_path, content), rejects="on")
    work(pskov)
    package = Package.objects.get()
    path = f"{DESK}packages/{package.pk}/"
    assert "20Z1" in text_of(operator.get(path))
    download = operator.get(f"{path}rejects/")
    assert 'filename="p-1-rejects.csv"' in download.headers["Content-Disposition"]
    text = b"".join(download.streaming_content).decode()
    assert text.startswith("\ufefffile;") and "20Z1" in text


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", '"=', "\u200b="])
def test_rejected_rows_compute_nothing(operator, pskov, tmp_path, start):
    content = COMPANY | accounts(OSIPOVA, f"{start}cmd|' /C calc'!A0;{KIM}")
    upload(operator, make_zip(tmp_path, content), rejects="on")
    work(pskov)
    download = operator.get(f"{DESK}packages/{Package.objects.get().pk}/rejects/")
    text = b"".join(download.streaming_content).decode("utf-8-sig")
    _, row = csv.reader(text.splitlines(), delimiter=";")
    assert "calc" in row[-1]
    assert not [cell for cell in row if cell.startswith(tuple("=+-@\t\r"))]


@pytest.mark.parametrize("line", ["Ж".encode("cp1251") * 60_000, b"\0" * 60_000, b"one\rtwo"])
def test_rejected_rows_that_are_no_text(operator, pskov, tmp_path, line):
    whole = accounts(OSIPOVA)["accounts.csv"].encode() + line + b"\n"
    upload(operator, make_zip(tmp_path, {"accounts.csv": whole}), rejects="on")
    work(pskov)
    answer = operator.get(f"{DESK}packages/{Package.objects.get().pk}/")
    assert answer.status_code == 200 and "accounts.csv" in text_of(answer)


def test_files_go_after_a_time(operator, pskov, tmp_path, settings):
    upload(operator, make_zip(tmp_path))
    work(pskov)
    orphan = uploads_folder() / "killed.zip.part"
    orphan.write_bytes(b"x")
    assert uploads_clean() == 0
    settings.EXCHANGE_FILES_DAYS = -1
    assert uploads_clean() == 1
    package = Package.objects.get()
    assert package.file == "" and list(uploads_folder().iterdir()) == [orphan]
    import os

    os.utime(orphan, (0, 0))
    assert uploads_clean() == 1
    Package.objects.update(state="refused", applied_at=None)
    answer = operator.post(f"{DESK}packages/{package.pk}/again/", follow=True)
    assert "Файл пакета уже удалён" in text_of(answer)


def test_a_queued_file_is_never_removed(operator, tmp_path, settings):
    upload(operator, make_zip(tmp_path))
    settings.EXCHANGE_FILES_DAYS = -1
    assert uploads_clean() == 0


# --- keys ---------------------------------------------------------------------------------------------


def test_a_key_is_shown_once_and_works(boss, pskov):
    form = {"name": "1С", "scopes": ["readings:read"], "expires_on": "2126-01-01"}
    made = boss.post(f"{DESK}keys/add/", form)
    key = ExchangeKey.objects.get()
    token = text_of(made).partition('id="key">')[2].partition("<")[0]
    assert token.startswith(f"pskov.{key.public_id}.")
    assert made.headers["Cache-Control"].count("no-store") == 1
    assert Billing(token).get("readings").status_code == 200
    page = text_of(boss.get(f"{DESK}keys/"))
    assert token not in page and "1С" in page and "забирать показания" in page
    assert "127.0.0.1" in page
    assert "Вернуть ключ нельзя" in text_of(boss.get(f"{DESK}keys/{key.pk}/revoke/"))
    boss.post(f"{DESK}keys/{key.pk}/revoke/")  # no answer
    assert Billing(token).get("readings").status_code == 200
    boss.post(f"{DESK}keys/{key.pk}/revoke/", {"answer": "yes"})
    assert Billing(token).get("readings").status_code == 401
    assert "Отозван" in text_of(boss.get(f"{DESK}keys/"))
    actions = list(AuditEntry.objects.filter(action__startswith="exchange.").values_list("action"))
    assert sorted(actions) == [("exchange.key_create",), ("exchange.key_revoke",)]


def test_what_a_key_needs(boss):
    page = text_of(boss.post(f"{DESK}keys/add/", {"expires_on": "2020-01-01"}))
    for text in ("Назовите ключ", "Отметьте хотя бы одно право", "Этот день уже прошёл"):
        assert text in page
    assert not ExchangeKey.objects.exists()


def test_a_key_until_the_end_of_time(boss):
    fields = {"name": "1С", "scopes": ["readings:read"], "expires_on": "9999-12-31"}
    boss.post(f"{DESK}keys/add/", fields)
    assert ExchangeKey.objects.get().expires_at is None


# --- who may ------------------------------------------------------------------------------------------


PAGES = ("", "packages/upload/", "exports/", "keys/", "keys/add/")


def test_an_operator_has_no_keys(operator):
    assert [operator.get(f"{DESK}{path}").status_code for path in PAGES] == [
        200,
        200,
        200,
        404,
        404,
    ]
    assert operator.post(f"{DESK}keys/1/revoke/").status_code == 404
    assert "Ключи" not in text_of(operator.get(DESK))


def test_an_administrator_has_all(boss):
    assert [boss.get(f"{DESK}{path}").status_code for path in PAGES] == [200] * 5


@pytest.mark.parametrize("role", [roles.EDITORS, roles.MODERATORS, roles.CASHIERS])
def test_other_roles_find_no_desk_of_the_exchange(pskov, role):
    client = staff_client(staff_create(username="nosy", password=PASSWORD, groups=[role]))
    assert [client.get(f"{DESK}{path}").status_code for path in PAGES] == [404] * 5
    assert "Обмен с" not in text_of(client.get("/admin/"))


def test_nobody_on_the_base_host(central_admin):
    client = staff_client(central_admin, BASE_HOST)
    assert [client.get(f"{DESK}{path}").status_code for path in PAGES] == [404] * 5
    assert client.get("/admin/").status_code == 200


def test_the_other_companys_package_is_not_there(operator, novgorod, tmp_path):
    from tenants.schemas import in_company

    with in_company(novgorod):
        other = staff_create(username="other", password=PASSWORD, groups=[roles.OPERATORS])
    upload(operator, make_zip(tmp_path))
    number = Package.objects.get().pk
    client = staff_client(other, NOVGOROD_HOST)
    assert client.get(f"{DESK}packages/{number}/").status_code == 404
    assert client.post(f"{DESK}packages/{number}/again/").status_code == 404


# --- in the morning -----------------------------------------------------------------------------------


def test_the_work_is_in_front_of_her(operator, pskov, tmp_path):
    assert "Ни один пакет ещё не загружен" in text_of(operator.get("/admin/"))
    upload(operator, make_zip(tmp_path, name="good"))
    upload(operator, make_zip(tmp_path, accounts(KIM.replace("2021", "20Z1")), name="bad"))
    work(pskov)
    home = text_of(operator.get("/admin/"))
    assert "Не загрузилось пакетов: 1" in " ".join(home.split())
    assert "bad" in home and "Последний пакет" in home
    Package.objects.filter(package_id="bad").update(
        received_at=timezone.now() - datetime.timedelta(days=4)
    )
    assert "Не загрузилось" not in text_of(operator.get("/admin/"))


def test_what_billing_does_not_take(operator, pskov, account):
    from cabinet.outgoing.models import ExportPending

    ExportPending.objects.create(kind="readings", object_id=1)
    assert "Биллинг не забирает" not in text_of(operator.get("/admin/"))
    ExportPending.objects.update(noted_at=timezone.now() - datetime.timedelta(days=2))
    assert "Биллинг не забирает: показания. Ждут строк: 1" in " ".join(
        text_of(operator.get("/admin/")).split()
    )


def test_the_list_costs_the_same_with_many(operator, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def make(number: int) -> None:
        Package.objects.create(package_id=f"p-{number}", state="refused", source="api")

    make(0)
    operator.get(DESK)
    with CaptureQueriesContext(connection) as few:
        operator.get(DESK)
    for number in range(1, 40):
        make(number)
    with CaptureQueriesContext(connection) as many:
        operator.get(DESK)
    assert len(many) == len(few)

"""A package that is only checked, what to do with a refused one, and whose rows were rejected."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.desk.advice import advice_of
from cabinet.exchange.models import Package
from cabinet.exchange.selectors import packages_failed_lately
from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.services import staff_create
from tests.exchange.api import Billing, make_token, make_zip, work
from tests.exchange.builder import (
    ARZAMAS,
    COMPANY,
    HEAT,
    KIM,
    MAY_CHARGE,
    OSIPOVA,
    accounts,
    charges,
    meters,
    tariffs,
)
from tests.support.factories import PASSWORD, staff_client, text_of

UPLOAD = "/admin/exchange/packages/upload/"


@pytest.fixture(autouse=True)
def _uploads(tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "private"


@pytest.fixture
def operator(pskov):
    return staff_client(
        staff_create(username="operator", password=PASSWORD, groups=[roles.OPERATORS])
    )


def sent(client, company, path, **fields) -> Package:
    file = SimpleUploadedFile(path.name, path.read_bytes())
    client.post(UPLOAD, {"package": file, **fields})
    work(company)
    return Package.objects.latest("pk")


def page_of(client, package) -> str:
    page = text_of(client.get(f"/admin/exchange/packages/{package.pk}/"))
    return " ".join(page.replace("\xa0", " ").split())


def test_checked_then_loaded(operator, pskov, tmp_path):
    package = sent(operator, pskov, make_zip(tmp_path, COMPANY | charges(MAY_CHARGE)), check="yes")
    assert (package.state, package.applied_at) == ("checked", None)
    assert not PersonalAccount.objects.exists()
    assert package.counts["accounts.csv"]["inserted"] == 2
    page = page_of(operator, package)
    assert "ничего не изменено" in page and "Загрузить этот пакет" in page
    assert "Открытых лицевых счетов" in page
    assert package.details["sums"][0] == ["Открытых лицевых счетов", "0", "2"]
    assert AuditEntry.objects.filter(action="exchange.package_check").exists()
    assert Billing(make_token(pskov)).get(f"packages/{package.pk}").status_code == 404
    again = f"/admin/exchange/packages/{package.pk}/again/"
    for _ in range(2):
        operator.post(again)
    work(pskov)
    assert PersonalAccount.objects.count() == 2
    states = Package.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["checked", "applied", "already_applied"]


def test_a_check_that_fails_is_no_failed_load(operator, pskov, tmp_path):
    bad = accounts(OSIPOVA, KIM.replace("2021", "20Z1"))
    package = sent(operator, pskov, make_zip(tmp_path, bad), check="yes")
    assert (package.state, package.is_check) == ("refused", True)
    assert packages_failed_lately(pskov) == 0
    assert "Счёта 806233 на портале нет" in page_of(operator, package)
    operator.post(f"/admin/exchange/packages/{package.pk}/again/", {"rejects": "yes"})
    work(pskov)
    again = Package.objects.order_by("-pk").first()
    assert (again.state, again.rejected_rows) == ("checked", 1)
    assert not PersonalAccount.objects.exists() and "20Z1" in page_of(operator, again)


def test_a_rejected_row_leads_to_its_account(operator, pskov, tmp_path):
    sent(operator, pskov, make_zip(tmp_path, name="first"))
    content = {
        **accounts(
            OSIPOVA.replace("2009", "20Z9"), KIM.replace("806233", "9").replace("2021", "20Z1")
        ),
    }
    package = sent(operator, pskov, make_zip(tmp_path, content, name="next"), rejects="on")
    account = PersonalAccount.objects.get(account_number="805107")
    page = page_of(operator, package)
    assert f"/admin/personal-accounts/{account.pk}/" in page
    assert "Счёта 9 на портале нет" in page
    path = f"/admin/personal-accounts/{account.pk}/"
    operator.post(f"{path}open/", {"reason": "звонок абонента"})
    shown = text_of(operator.get(f"{path}rejected/"))
    assert "next" in shown and "accounts.csv, 2" in shown and "20Z1" not in shown


def refused(reason: str, file: str = "accounts.csv", line: int = 0, **fields) -> Package:
    problem = {"file": file, "reason": reason, "line": line, "column": ""}
    given = {"state": "refused", "refusal": "broken", "problems": [problem], **fields}
    return Package(package_id="p-1", file="", **given)


@pytest.mark.parametrize(
    ("package", "said"),
    [
        (
            refused("tenant: пакет для «perm», а загружается в «pskov»", "manifest.json"),
            "другой компании",
        ),
        (refused("это не zip-архив или он повреждён", "zip"), "исходный архив"),
        (
            refused("SHA-256 не тот, что в манифесте: файл изменён или передан не целиком"),
            "исходный архив",
        ),
        (refused("rows: нужно число строк без заголовка", "manifest.json"), "настройки выгрузки"),
        (refused("строка не в UTF-8: сохраните файл в этой кодировке", line=7), "выберите UTF-8"),
        (refused("строк 5, а в манифесте 6"), "файле целиком"),
        (refused("поле должно быть заполнено", line=7), "Исправьте эти строки"),
        (
            refused("запись с этим ключом есть в файле не один раз: строки 2, 5", line=2),
            "выгружена дважды",
        ),
        (refused("такого тарифа нет ни в пакете, ни в портале", line=3), "Сначала загрузите"),
        (refused("x", refusal="too_large"), "разделите"),
        (
            refused("Пакет p-1 уже загружен с другим манифестом.", refusal="conflict"),
            "новым package_id",
        ),
        (refused("а уже загружены более новые", refusal="conflict"), "Повторять бесполезно"),
        (refused("", state="interrupted", refusal=""), "Возьмите тот"),
    ],
)
def test_what_to_do_with_a_refused_package(package, said):
    """Each says what to do and where, and no button sends the same thing to the same refusal."""
    advice = advice_of(package)
    text = " ".join(advice.says).replace("\xa0", " ")
    assert said in text and not advice.again and not advice.good_rows
    assert (
        ("Загрузить пакет" in text)
        or "админке той компании" in text
        or "Если" in text
        or "Сначала" in text
    )


def test_a_button_where_it_helps(operator, pskov, tmp_path):
    unknown = tariffs(HEAT) | meters(ARZAMAS)
    package = sent(operator, pskov, make_zip(tmp_path, unknown))
    advice = advice_of(package)
    assert advice.again and advice.good_rows
    newer = sent(operator, pskov, make_zip(tmp_path, name="new", as_of="2026-11-06T06:00:00+03:00"))
    assert newer.state == "applied"
    late = sent(operator, pskov, make_zip(tmp_path, name="late"))
    page = page_of(operator, late)
    assert "Повторять бесполезно" in page and "again/" not in page

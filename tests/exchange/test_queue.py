"""The queue in bad days: files that are gone, companies that are closed, a cache that does not answer."""

import pytest
from django.core.cache import cache
from redis.exceptions import TimeoutError as NoAnswer

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.models import Package
from cabinet.exchange.package import progress
from cabinet.exchange.package.progress import Progress, Step
from cabinet.exchange.uploaded_files import upload_path
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.models import GasCompany
from tests.exchange.api import Billing, make_token, make_zip, work
from tests.support.factories import PASSWORD, staff_client, text_of


@pytest.fixture(autouse=True)
def _uploads(tmp_path, settings):
    settings.PRIVATE_ROOT = tmp_path / "private"


@pytest.fixture
def billing(pskov):
    return Billing(make_token(pskov))


def seen(billing):
    package = Package.objects.get()
    return billing.get(f"packages/{package.pk}").json()


def test_a_file_that_is_gone(billing, pskov, tmp_path, settings):
    billing.send(make_zip(tmp_path))
    upload_path(Package.objects.get().file).unlink()
    assert work(pskov) == 1
    answer = seen(billing)
    assert answer["state"] == "interrupted"
    assert answer["failure"] == "Файл пакета пропал с портала. Передайте пакет ещё раз."
    operator = staff_create(username="operator", password=PASSWORD, groups=[roles.OPERATORS])
    page = text_of(staff_client(operator).get(f"/admin/exchange/packages/{answer['id']}/"))
    assert answer["failure"] in page
    assert str(settings.PRIVATE_ROOT) not in page


def test_a_file_that_is_damaged_after_its_upload(billing, pskov, tmp_path):
    """The worker does not hash it again: the zip's own checksum of each file is enough for that."""
    billing.send(make_zip(tmp_path))
    path = upload_path(Package.objects.get().file)
    content = bytearray(path.read_bytes())
    content[content.index(b"accounts.csv") + 30] ^= 0x55
    path.write_bytes(content)
    assert work(pskov) == 1
    answer = seen(billing)
    assert answer["state"] == "refused"
    assert "архив повреждён" in answer["problems"][0]["reason"]
    assert not PersonalAccount.objects.exists()


def test_no_place_for_rejected_rows(billing, pskov, tmp_path, settings):
    billing.send(make_zip(tmp_path), query="?rejects=1")
    file = upload_path(Package.objects.get().file)
    file.with_name(f"{file.name}.rejects.csv").mkdir()
    work(pskov)
    answer = seen(billing)
    assert (answer["state"], "отклонённых строк" in answer["failure"]) == ("interrupted", True)
    assert str(settings.PRIVATE_ROOT) not in answer["failure"]


def test_one_that_was_killed_says_so(billing, pskov, tmp_path):
    billing.send(make_zip(tmp_path))
    Package.objects.update(state="interrupted", attempts=3)
    assert "Попыток: 3" in seen(billing)["failure"]
    Package.objects.update(state="queued", attempts=0)
    assert seen(billing)["failure"] == ""


def test_an_archived_companys_packages_wait(billing, pskov, tmp_path):
    billing.send(make_zip(tmp_path))
    GasCompany.objects.update(status="archived")
    pskov.refresh_from_db()
    assert work(pskov) == 0
    package = Package.objects.get()
    assert (package.state, package.attempts) == ("queued", 0)
    GasCompany.objects.update(status="active")
    pskov.refresh_from_db()
    assert work(pskov) == 1
    assert Package.objects.get().state == "applied"


def test_a_cache_without_an_answer(billing, pskov, tmp_path, monkeypatch):
    """Valkey is down: nobody sees how far the import is, and it is done all the same."""

    def down(*_: object, **__: object) -> None:
        raise NoAnswer

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCacheClient.set", down)
    monkeypatch.setattr("django.core.cache.backends.redis.RedisCacheClient.get", down)
    billing.send(make_zip(tmp_path))
    assert work(pskov) == 1
    assert seen(billing)["state"] == "applied"


def test_a_slow_cache_is_asked_less_often(pskov, monkeypatch):
    clock, asked = [0.0], []
    monkeypatch.setattr(progress.time, "monotonic", lambda: clock[0])

    def slow(*_: object) -> None:
        asked.append(clock[0])
        clock[0] += 2

    monkeypatch.setattr(cache, "set", slow)
    write = progress.progress_writer(1)
    for _ in range(100):
        clock[0] += 1
        write(Progress(Step.READING))
    assert len(asked) == 2

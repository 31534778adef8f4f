"""A package is applied once; an older one, or another one under its name, is told."""

import datetime

import pytest
from django.utils import timezone

from cabinet.accounts.models import PersonalAccount
from cabinet.exchange.exceptions import CompanyUnavailable, PackageConflict, PackageRefused
from cabinet.exchange.models import Package
from cabinet.exchange.package import importing
from portal.connection import connection
from tenants.models import GasCompany
from tests.exchange.builder import COMPANY, KIM, OSIPOVA, accounts
from tests.exchange.conftest import Load
from tests.exchange.state import staging_tables


def test_the_second_time_is_a_success_that_changes_nothing(load: Load) -> None:
    first = load(COMPANY, package_id="one")
    PersonalAccount.objects.update(last_name="Иная")
    second = load(COMPANY, package_id="one")
    assert (first.already_applied, second.already_applied) == (False, True)
    assert second.counts == first.counts
    assert set(PersonalAccount.objects.values_list("last_name", flat=True)) == {"Иная"}
    assert Package.objects.count() == 1


def test_also_after_a_newer_one(load: Load) -> None:
    load(COMPANY, package_id="one", as_of="2026-11-05T06:00:00+03:00")
    load(COMPANY, package_id="two", as_of="2026-11-06T06:00:00+03:00")
    assert load(COMPANY, package_id="one", as_of="2026-11-05T06:00:00+03:00").already_applied


def test_another_manifest_under_the_same_id(load: Load) -> None:
    load(COMPANY, package_id="one")
    with pytest.raises(PackageConflict, match="Пакет one уже загружен с другим манифестом"):
        load(accounts(KIM), package_id="one")
    assert PersonalAccount.objects.count() == 2


def test_older_data_than_the_last(load: Load) -> None:
    load(COMPANY, as_of="2026-11-05T06:00:00+03:00")
    with pytest.raises(
        PackageConflict, match=r"на 5\sноября\s2026\sг\., 05:59.*на 5\sноября\s2026\sг\., 06:00"
    ):
        load(COMPANY, as_of="2026-11-05T05:59:00+03:00")
    # The same moment, and the same moment elsewhere, are not older.
    load(COMPANY, as_of="2026-11-05T06:00:00+03:00")
    load(COMPANY, as_of="2026-11-05T03:00:00Z")


def test_a_refused_one_may_come_again(load: Load) -> None:
    with pytest.raises(PackageRefused):
        load(accounts(KIM, KIM), package_id="one", as_of="2026-12-01T00:00:00+03:00")
    assert not load(accounts(KIM), package_id="one").already_applied
    states = set(Package.objects.values_list("package_id", "state"))
    assert states == {("one", "refused"), ("one", "applied")}


def test_an_attempt_that_was_cut_short_is_marked_by_the_next(load: Load) -> None:
    load(COMPANY)
    Package.objects.create(
        package_id="cut", manifest_sha256="0" * 64, as_of="2026-11-05T06:00:00+03:00", mode="delta"
    )
    load(accounts(OSIPOVA))
    assert Package.objects.get(package_id="cut").state == Package.State.INTERRUPTED


def test_an_error_after_the_commit_does_not_unsay_it(
    load: Load, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(importing, "staging_drop", interrupted)
    with pytest.raises(KeyboardInterrupt):
        load(COMPANY, package_id="one")
    assert Package.objects.get().state == Package.State.APPLIED
    assert load(COMPANY, package_id="one").already_applied


def test_what_a_killed_import_left_is_cleared(load: Load) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNLOGGED TABLE exchange_staging_accounts (junk text)")
        cursor.execute("CREATE UNLOGGED TABLE exchange_staging_of_an_older_version (junk text)")
    load(COMPANY)
    assert staging_tables() == []


@pytest.mark.parametrize("status", [GasCompany.Status.ACTIVE, GasCompany.Status.SUSPENDED])
def test_a_suspended_companys_exchange_goes_on(load: Load, pskov: GasCompany, status: str) -> None:
    pskov.status = status
    assert load(COMPANY).counts


@pytest.mark.parametrize("status", [GasCompany.Status.ARCHIVED, GasCompany.Status.PROVISIONING])
def test_others_take_no_packages(load: Load, pskov: GasCompany, status: str) -> None:
    pskov.status = status
    with pytest.raises(CompanyUnavailable, match="пакетов не принимает"):
        load(COMPANY)


def test_nor_does_one_behind_the_code(load: Load) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'exchange'")
    with pytest.raises(CompanyUnavailable, match="tenants_migrate"):
        load(COMPANY)


def test_data_of_a_time_to_come_are_taken_and_told(load: Load) -> None:
    soon, late = (timezone.now() + datetime.timedelta(hours=hours) for hours in (23, 49))
    assert load(accounts(KIM), as_of=soon.isoformat(timespec="seconds")).notes == []
    [note] = load(accounts(KIM), as_of=late.isoformat(timespec="seconds")).notes
    assert "это время ещё не наступило" in note

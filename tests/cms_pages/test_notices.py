"""Urgent notices: on every page of this company while they last, for at most one query."""

import datetime

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from cms_pages.models import District, UrgentNotice
from portal.connection import connection
from tests.cms_pages.conftest import make_centre
from tests.support.factories import BASE_HOST, NOVGOROD_HOST, text_of

pytestmark = pytest.mark.usefixtures("pskov")
HOUR = datetime.timedelta(hours=1)
ADMIN = "/admin/cms_pages/urgentnotice/"


def make_notice(**fields) -> UrgentNotice:
    return UrgentNotice.objects.create(
        **{"title": "Авария на газопроводе", "starts_at": timezone.now() - HOUR, **fields}
    )


@pytest.mark.parametrize("path", ["/", "/guest/readings/", "/cabinet/login/", "/no-such-page/"])
def test_a_notice_is_on_every_page(guest, path):
    make_notice(severity="danger", text="Работает бригада.")
    page = text_of(guest.get(path))
    assert "Авария на газопроводе" in page and "Работает бригада." in page
    assert "urgent__item--danger" in page


def test_a_notice_is_in_the_cabinet(owner_client, link):
    make_notice()
    assert "Авария на газопроводе" in text_of(owner_client.get(f"/cabinet/{link.pk}/readings/"))


def test_not_on_other_hosts(guest, novgorod):
    """Each asks first, so that each has its own answer in the cache."""
    make_notice()
    assert "Авария" in text_of(guest.get("/"))
    for host in (NOVGOROD_HOST, BASE_HOST):
        assert "Авария" not in text_of(Client(headers={"host": host}).get("/"))
    assert "Авария" in text_of(guest.get("/"))


def test_from_and_to_without_anybody_touching_it(guest, clock):
    now = timezone.now()
    make_notice(starts_at=now + HOUR, ends_at=now + 2 * HOUR)
    assert "Авария" not in text_of(guest.get("/"))
    for hours, shown in ((1, True), (1.9, True), (2, False)):
        clock.at(now + hours * HOUR)
        assert ("Авария" in text_of(guest.get("/"))) is shown, hours


def test_the_gravest_first_with_its_districts(guest):
    """What comes after an accident is its title until one asks for more."""
    make_notice(title="Новость", severity="info")
    notice = make_notice(title="Беда", severity="danger")
    notice.districts = [District.objects.create(name=name) for name in ("Остров", "Печоры")]
    notice.save()
    page = text_of(guest.get("/"))
    assert page.index("Беда") < page.index("Новость")
    assert "Где: Остров, Печоры" in page
    assert "<summary>Новость</summary>" in page and "<summary>Беда" not in page


def test_at_most_one_query_and_then_none(guest, pskov):
    def queries() -> list[str]:
        with CaptureQueriesContext(database) as captured:
            guest.get("/")
        return [one["sql"] for one in captured if "urgentnotice" in one["sql"]]

    for number in range(5):
        notice = make_notice(title=f"Работы {number}")
        notice.districts = [District.objects.create(name=f"Район {number}")]
        notice.save()
    assert len(queries()) == 1
    assert queries() == []


def test_a_change_shows_at_once(guest, pskov):
    notice = make_notice()
    assert "Авария" in text_of(guest.get("/"))
    notice.title = "Газ подан"
    notice.save()
    assert "Газ подан" in text_of(guest.get("/"))
    connection.set_tenant(pskov)
    notice.delete()
    assert "Газ подан" not in text_of(guest.get("/"))


def test_shown_without_valkey(guest, monkeypatch):
    from redis.exceptions import ConnectionError as Down

    def down(*args, **kwargs):
        raise Down

    make_notice()
    monkeypatch.setattr("redis.client.Redis.execute_command", down)
    assert "Авария" in text_of(guest.get("/"))
    make_notice(title="Вторая")
    assert "Вторая" in text_of(guest.get("/"))


def test_text_is_text(guest):
    make_notice(title="<b>Авария</b>", text="<script>alert(1)</script>")
    page = text_of(guest.get("/"))
    assert "<b>Авария" not in page and "<script>alert" not in page


def test_an_editor_announces(editor_client, guest, pskov):
    form = {
        "severity": "warning",
        "title": "Плановые работы",
        "starts_at": "2026-05-01 09:00",
        "ends_at": "",
        "text": "",
        "action-publish": "1",
    }
    assert editor_client.post(f"{ADMIN}add/", form).status_code == 302
    assert "Плановые работы" in text_of(guest.get("/"))
    wrong = editor_client.post(f"{ADMIN}add/", {**form, "ends_at": "2026-05-01 08:00"})
    assert "заканчивается раньше, чем начинается" in text_of(wrong)
    connection.set_tenant(pskov)
    assert UrgentNotice.objects.count() == 1
    # The list, too, with its filter.
    assert "Плановые работы" in text_of(editor_client.get(f"{ADMIN}?severity=warning"))


def test_its_hours_are_the_companys(editor_client, pskov):
    pskov.time_zone = "Asia/Kamchatka"
    with schema_context("public"):
        pskov.save()
    form = {"severity": "info", "title": "Работы", "text": "", "ends_at": "", "action-publish": "1"}
    answer = editor_client.post(f"{ADMIN}add/", {**form, "starts_at": "2026-05-01 09:00"})
    assert answer.status_code == 302
    connection.set_tenant(pskov)
    notice = UrgentNotice.objects.get()
    assert notice.starts_at == datetime.datetime(2026, 4, 30, 21, tzinfo=datetime.UTC)
    assert "01.05.2026 09:00" in text_of(editor_client.get(f"{ADMIN}edit/{notice.pk}/"))
    # Nor has a person a zone of their own.
    assert "Africa/Abidjan" not in text_of(editor_client.get("/admin/account/"))


def test_a_district_in_use_stays(editor_client, centres_page):
    centre = make_centre()
    answer = editor_client.post(f"/admin/cms_pages/district/delete/{centre.district_id}/")
    assert answer.status_code == 200
    assert District.objects.filter(pk=centre.district_id).exists()


def test_a_moment_that_nobody_could_read_again_is_refused(guest, editor_client):
    """The first of January of year 1 in Moscow is BC in the database: every page would fail from then on."""
    form = {"severity": "info", "title": "Ой", "starts_at": "01.01.0001 00:00", "ends_at": ""}
    assert "Проверьте год" in text_of(editor_client.post(f"{ADMIN}add/", form))
    assert not UrgentNotice.objects.exists()
    assert guest.get("/").status_code == 200

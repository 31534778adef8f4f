"""What the office says to the staff of companies."""

import datetime
import re

from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tenants.utils import schema_context

from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.staff.roles import OPERATORS
from portal.staff.services import staff_create
from tenants.models import Announcement, AnnouncementRead
from tenants.routing import forget_routes
from tests.support.factories import PASSWORD, PSKOV_HOST, staff_client, text_of

LIST = "/admin/tenants/announcements/"


def form(**changes: object) -> dict[str, object]:
    now = timezone.localtime()
    day = datetime.timedelta(days=1)
    return {
        "title": "Учения",
        "text": "В четверг проверяем оповещение.",
        "starts_at": f"{now - day:%Y-%m-%dT%H:%M}",
        "ends_at": f"{now + day:%Y-%m-%dT%H:%M}",
        **changes,
    }


def test_from_the_office_to_who_has_read_it(office, pskov, editor, clock):
    clock.at("2026-11-20T12:00")
    preview = office.post(f"{LIST}add/", form(preview="1", is_important="on", roles=["Editors"]))
    assert "Так увидят сотрудники" in text_of(preview) and not Announcement.objects.exists()
    bad = text_of(office.post(f"{LIST}add/", form(ends_at="2026-11-18T12:00")))
    assert "Этот час уже прошёл" in bad and "проверяем оповещение" in bad
    # Neither could be shown in every time zone; the first could not even be read back.
    for odd in ({"starts_at": "0001-01-01T00:00"}, {"ends_at": "9999-12-31T23:59"}):
        assert "Проверьте год" in text_of(office.post(f"{LIST}add/", form(**odd)))
    office.post(f"{LIST}add/", form(is_important="on", roles=["Editors"], kind="gas"))
    with schema_context("public"):
        entry = AuditEntry.objects.get(action="announcement.saved")
    assert ["Кому", "", "Редактор"] in entry.details["changes"]
    number = Announcement.objects.get().pk

    connection.set_tenant(pskov)
    operator = staff_create(username="operator", password=PASSWORD, groups=[OPERATORS])
    mine, other = staff_client(editor, PSKOV_HOST), staff_client(operator, PSKOV_HOST)
    page = text_of(mine.get("/admin/"))
    assert "Важно" in page and "проверяем оповещение" in page
    assert "Учения" not in text_of(other.get("/admin/"))
    read = f"/admin/office-news/{number}/read/"
    assert other.post(read).status_code == 404 and mine.get(read).status_code == 405
    for _again in range(2):
        assert mine.post(read).status_code == 302
    assert "проверяем оповещение" not in text_of(mine.get("/admin/"))
    assert "Вы прочитали" in text_of(mine.get("/admin/office-news/"))
    with schema_context("public"):
        assert AnnouncementRead.objects.count() == 1

    office.post(f"{LIST}{number}/", form(text="Учения перенесли.", roles=["Editors"]))
    assert "Учения перенесли." in text_of(mine.get("/admin/"))  # other words are read anew
    clock.at("2026-11-21T12:01")
    assert "Учения" not in text_of(mine.get("/admin/"))  # it ends by itself
    assert "закончилось" in text_of(office.get(LIST))


def test_it_is_ended_at_once(office, pskov, editor):
    office.post(f"{LIST}add/", form())
    number = Announcement.objects.get().pk
    mine = staff_client(editor, PSKOV_HOST)
    assert "Учения" in text_of(mine.get("/admin/"))
    asked = office.post(f"{LIST}{number}/end/")  # the question comes first
    assert "исчезнет с первых страниц" in text_of(asked) and "Учения" in text_of(
        mine.get("/admin/")
    )
    assert office.post(f"{LIST}{number}/end/", {"answer": "yes"}).status_code == 302
    assert "уже закончилось" in text_of(office.post(f"{LIST}{number}/end/", {"answer": "yes"}))
    assert "Учения" not in text_of(mine.get("/admin/"))
    office.post(f"{LIST}add/", form(kind="capital_repair"))
    assert "Учения" not in text_of(mine.get("/admin/"))
    with schema_context("public"):
        assert AuditEntry.objects.filter(action="announcement.ended").count() == 1


def test_only_the_office_writes_them(office, pskov, editor):
    office.post(f"{LIST}add/", form())
    number = Announcement.objects.get().pk
    editor_client = staff_client(editor, PSKOV_HOST)
    for address in (LIST, f"{LIST}add/", f"{LIST}{number}/"):
        assert editor_client.get(address).status_code == 404
    assert editor_client.post(f"{LIST}{number}/end/").status_code == 404
    assert office.get("/admin/office-news/").status_code == 404


def test_pages_do_not_ask_public_again(office, pskov, editor, settings):
    """One question to public in some seconds, however many companies have staff at work."""
    settings.HOST_CACHE_SECONDS = 60
    mine = staff_client(editor, PSKOV_HOST)
    try:
        mine.get("/admin/")
        with CaptureQueriesContext(connection) as again:
            mine.get("/admin/")
    finally:
        forget_routes()
    assert not re.search("tenants_announcement", " ".join(one["sql"] for one in again))

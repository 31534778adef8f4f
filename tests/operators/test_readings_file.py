"""Readings of a period as a file."""

import io

from openpyxl import load_workbook

from cabinet.exchange.export_kinds import READINGS
from cabinet.exchange.exports import export_acknowledge, export_page
from cabinet.meters.models import Submission
from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.services import staff_create
from tests.operators.conftest import REASON
from tests.support.factories import PASSWORD, staff_client, text_of
from tests.support.readings import sent

PATH = "/admin/readings/file/"


def rows(answer) -> list[str]:
    content = b"".join(answer.streaming_content).decode()
    assert content.startswith("\ufeff") and "\r\n" in content
    return content.splitlines()[1:]


def test_a_file_by_period_channel_and_state(operator, account, path, clock, monkeypatch):
    clock.at("2026-11-18T12:00")
    meter = account.meters.get()
    operator.post(f"{path}open/", {"reason": REASON})
    for value in ("1905", "1907"):
        answer = operator.post(f"{path}readings/", sent(meter, value))
        assert answer.status_code == 302, text_of(answer)
    assert Submission.objects.count() == 2
    asked = {"since": "2026-11-01", "until": "2026-11-18", "format": "csv"}
    assert "Скачать" in text_of(operator.get(PATH))
    first, second = rows(operator.post(PATH, asked))
    assert first.startswith("805107;07416852;1905") and "заменено более поздним" in first
    number = Submission.objects.order_by("-pk").first().number
    assert number in second and "18.11.2026" in second and "ждёт выгрузки" in second
    export_page(kind=READINGS, after=0)
    assert "не подтвердил" in rows(operator.post(PATH, asked))[1]
    export_acknowledge(cursors={"readings": 1}, actor="1С")
    assert len(rows(operator.post(PATH, {**asked, "state": "taken"}))) == 1
    assert rows(operator.post(PATH, {**asked, "channel": "guest"})) == []
    assert rows(operator.post(PATH, {**asked, "until": "2026-11-17"})) == []
    book = load_workbook(io.BytesIO(operator.post(PATH, {**asked, "format": "xlsx"}).content))
    assert [cell.value for cell in book.active[2]][:2] == ["805107", "07416852"]
    monkeypatch.setattr("cabinet.operators.readings_file.XLSX_ROWS", 1)
    assert "Выберите CSV" in text_of(operator.post(PATH, {**asked, "format": "xlsx"}))
    assert "больше года" in text_of(operator.post(PATH, {**asked, "since": "2020-01-01"}))
    entry = AuditEntry.objects.filter(action="readings.file").first()
    assert (entry.actor_name, entry.details["format"]) == ("operator", "xlsx")
    editor = staff_create(username="editor", password=PASSWORD, groups=[roles.EDITORS])
    assert staff_client(editor).get(PATH).status_code == 404

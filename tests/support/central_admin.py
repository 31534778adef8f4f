"""Steps of a central admin on the base host."""

import re
from urllib.parse import urlsplit

from django.test import Client
from django.utils import timezone

from tenants.archives.services import archive_folder
from tenants.models import CompanyArchive, GasCompany
from tenants.services import company_archive, company_suspend
from tests.support.factories import BASE_HOST


def at(host: str) -> Client:
    return Client(headers={"host": host})


def press(office: Client, company: GasCompany) -> str:
    """The button on the company's page: where it leads."""
    page = office.get(f"/admin/tenants/gascompany/inspect/{company.pk}/").content.decode()
    href = re.search(r'href="([^"]+/enter/\?key=[^"]+)"', page)[1].replace("&amp;", "&")
    return office.get(href).headers["Location"]


def path_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def token_address(office: Client, company: GasCompany, browser: Client) -> str:
    """The road up to its last step, which is returned."""
    marked = browser.get(path_of(press(office, company)))
    assert urlsplit(marked.headers["Location"]).hostname == BASE_HOST
    issued = office.get(path_of(marked.headers["Location"]))
    return issued.headers["Location"]


FORM = {
    "name": "ООО «Газпром межрегионгаз Тверь»",
    "regions": ["69"],
    "kind": "gas",
    "time_zone": "Europe/Moscow",
    "schema_name": "tver",
    "domains": "Tver.gas.localhost:8000\nТверь.газ.рф.",
    "administrator": "boss@tver.ru",
}


CREATE = "/admin/tenants/gascompany/create/"


def entered(office: Client, company: GasCompany, host: str) -> Client:
    """A central admin's browser in the company."""
    browser = at(host)
    assert browser.get(path_of(token_address(office, company, browser))).status_code == 302
    return browser


def deletable(company: GasCompany, file: str = "", size: int = 1) -> None:
    """Bring a company to where it may be deleted: archived, with a file that counts as verified."""
    who = {"actor": "central", "address": "192.0.2.1"}
    company_suspend(company_id=company.pk, reason="Проверка", **who)
    company_archive(company_id=company.pk, **who)
    if not file:
        file = f"{company.schema_name}.zip"
        (archive_folder() / file).write_bytes(b"1")
    CompanyArchive.objects.filter(company=company).update(
        state="done", file_name=file, size=size, checked_at=timezone.now(), due_at=None
    )

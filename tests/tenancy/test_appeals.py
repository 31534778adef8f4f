"""Appeals and their files are found in their own company alone, by their writer and by operators."""

from portal.staff.services import staff_create
from tenants.schemas import in_company
from tests.support.appeals import make_appeal, make_file, make_message
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    logged_in,
    make_account,
    make_link,
    staff_client,
    text_of,
)


def test_each_company_has_its_own(owner, link, account, novgorod):
    """One person's appeals to two companies have one number; each host knows its own alone."""
    appeals = {PSKOV_HOST: make_appeal(owner, account, text="Вопрос Пскову")}
    number = appeals[PSKOV_HOST].pk
    files = {PSKOV_HOST: make_file(appeals[PSKOV_HOST], make_message(appeals[PSKOV_HOST], "Ответ"))}
    operators = {PSKOV_HOST: staff_create(username="p", password=PASSWORD, groups=["Operators"])}
    with in_company(novgorod):
        there = make_account("510080")
        appeals[NOVGOROD_HOST] = made = make_appeal(
            owner, there, pk=number, text="Вопрос Новгороду"
        )
        files[NOVGOROD_HOST] = make_file(made, make_message(made, "Ответ"))
        operators[NOVGOROD_HOST] = staff_create(
            username="n", password=PASSWORD, groups=["Operators"]
        )
    make_link(owner, novgorod, there)
    for host, other in ((PSKOV_HOST, NOVGOROD_HOST), (NOVGOROD_HOST, PSKOV_HOST)):
        writer, operator = logged_in(owner, host), staff_client(operators[host], host)
        listed = text_of(writer.get("/cabinet/appeals/"))
        assert appeals[host].text in listed and appeals[other].text not in listed
        queue = text_of(operator.get("/admin/appeals/all/"))
        assert appeals[host].text in queue and appeals[other].text not in queue
        for client, section in ((writer, "/cabinet/appeals/"), (operator, "/admin/appeals/")):
            path = f"{section}{number}/"
            shown = text_of(client.get(path))
            assert appeals[host].text in shown and appeals[other].text not in shown
            assert client.get(f"{path}files/{files[host].pk}/").status_code == 200
            assert client.get(f"{path}files/{files[other].pk}/").status_code == 404
        # A writer is no member of staff, and the other way round.
        assert writer.get(f"/admin/appeals/{number}/").status_code == 302
        assert operator.get(f"/cabinet/appeals/{number}/").status_code == 302

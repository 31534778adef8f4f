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
    """One person writes to two companies; neither host, nor its operators, knows of the other appeal."""
    appeals = {PSKOV_HOST: make_appeal(owner, account, text="Вопрос Пскову")}
    files = {PSKOV_HOST: make_file(appeals[PSKOV_HOST], make_message(appeals[PSKOV_HOST], "Ответ"))}
    operators = {PSKOV_HOST: staff_create(username="p", password=PASSWORD, groups=["Operators"])}
    with in_company(novgorod):
        there = make_account("510080")
        appeals[NOVGOROD_HOST] = made = make_appeal(owner, there, text="Вопрос Новгороду")
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
            mine, foreign = f"{section}{appeals[host].pk}/", f"{section}{appeals[other].pk}/"
            assert client.get(mine).status_code == 200
            assert client.get(f"{mine}files/{files[host].pk}/").status_code == 200
            for path in (
                foreign,
                f"{foreign}files/{files[other].pk}/",
                f"{mine}files/{files[other].pk}/",
            ):
                assert client.get(path).status_code == 404, path
        # A writer is no member of staff, and the other way round.
        assert writer.get(f"/admin/appeals/{appeals[host].pk}/").status_code == 302
        assert operator.get(f"/cabinet/appeals/{appeals[host].pk}/").status_code == 302

"""Who is in, and the end of sessions: one's own, a colleague's, and of who is shut out."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.login.sessions import sessions_of
from portal.staff.models import StaffUser
from tests.support.factories import PASSWORD, PSKOV_HOST, staff_client, text_of

YES = {"answer": "yes"}
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/120.0.0.0 Safari/537.36"
)


def browser(user: StaffUser, name: str = "") -> Client:
    client = Client(headers={"host": PSKOV_HOST, "user-agent": name})
    client.post("/admin/login/", {"username": user.username, "password": PASSWORD})
    return client


def is_in(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


@pytest.fixture
def boss(company_administrator) -> Client:
    return staff_client(company_administrator)


def test_who_is_shut_out_stays_out_when_he_is_let_in_again(boss, editor):
    """Neither the session, nor one that somebody copied and puts back."""
    client = browser(editor)
    assert is_in(client)
    copied = Session.objects.get(session_key=client.session.session_key)
    path = f"/admin/staff/{editor.pk}/active/"
    assert "закончатся сразу и навсегда" in text_of(boss.get(path))
    boss.post(path)  # no answer
    assert is_in(client)
    boss.post(path, YES)
    boss.post(path, {"active": "yes"})
    editor.refresh_from_db()
    assert editor.is_active
    copied.save(force_insert=True)
    assert not is_in(client)
    assert is_in(browser(editor))


def test_one_ends_ones_own_other_sessions(editor):
    here, there, third = browser(editor, CHROME), browser(editor), browser(editor)
    page = text_of(here.get("/admin/staff/sessions/"))
    assert "Компьютер с Windows, Chrome" in page and "этот браузер" in page
    assert here.session.session_key not in page
    end = re.findall(r'href="(/admin/staff/sessions/[0-9a-f]+/end/)"', page)
    assert len(end) == 2
    here.get(end[0])
    here.post(end[0])  # no answer
    assert len(sessions_of(editor)) == 3
    here.post(end[0], YES)
    assert [is_in(one) for one in (there, third)].count(True) == 1
    here.post("/admin/staff/sessions/end/", YES)
    assert is_in(here) and not is_in(there) and not is_in(third)
    assert len(sessions_of(editor)) == 1
    actions = AuditEntry.objects.filter(action__startswith="staff.session")
    assert set(actions.values_list("action", flat=True)) == {
        "staff.session_end",
        "staff.sessions_end",
    }


def test_nobody_ends_anothers_by_its_mark(editor, boss):
    theirs = sessions_of(StaffUser.objects.get(username="boss"))[0]
    browser(editor).post(f"/admin/staff/sessions/{theirs.mark}/end/", YES)
    assert is_in(boss)


def test_an_administrator_ends_a_colleagues(boss, editor, company_administrator):
    client = browser(editor)
    page = text_of(boss.get("/admin/staff/"))
    assert "сейчас работает" in page and "Завершить сеансы" in page
    path = f"/admin/staff/{editor.pk}/sessions/end/"
    assert "Войти снова он сможет" in text_of(boss.get(path))
    assert browser(editor).get(path).status_code == 404
    boss.post(path)  # no answer
    assert is_in(client)
    boss.post(path, YES)
    assert not is_in(client) and is_in(boss)
    assert "Завершить сеансы" not in text_of(boss.get("/admin/staff/"))
    boss.post(f"/admin/staff/{company_administrator.pk}/sessions/end/", YES)  # his own
    assert is_in(boss)


def test_a_company_asks_a_second_factor_of_more_roles(boss, editor):
    client = browser(editor)
    path = "/admin/staff/second-factor/roles/"
    page = text_of(boss.get(path))
    assert "Всегда обязателен: Кассир, Администратор компании" in page
    assert client.get(path).status_code == 404
    enrol = text_of(client.get("/admin/staff/second-factor/enrol/"))
    assert "Позже" in enrol and "Выйти" in enrol
    boss.post(path, {"roles": [roles.EDITORS]})
    assert client.get("/admin/").url.startswith("/admin/staff/second-factor/enrol/")
    enrol = text_of(client.get("/admin/staff/second-factor/enrol/"))
    assert "Позже" not in enrol and "Выйти" in enrol
    entry = AuditEntry.objects.get(action="staff.second_factor_rules")
    assert entry.details["changes"] == [["Второй фактор обязателен", "", "Редактор"]]
    boss.post(path, {})
    assert is_in(client)


def test_questions_of_the_other_buttons(boss, editor, guest):
    """An invitation and a second factor go by the answer alone; the list shows the invited one's roles."""
    boss.post("/admin/staff/invite/", {"email": "anna@mail.ru", "roles": [roles.CASHIERS]})
    page = text_of(boss.get("/admin/staff/"))
    assert re.search(r"anna@mail.ru</td>\s*<td[^>]*>Кассир</td>", page)
    withdraw = re.search(r"/admin/staff/invitations/\d+/withdraw/", page)[0]
    assert "перестанет работать" in text_of(boss.get(withdraw))
    boss.post(withdraw)
    assert "anna@mail.ru" in text_of(boss.get("/admin/staff/"))
    boss.post(withdraw, YES)
    assert withdraw not in text_of(boss.get("/admin/staff/"))
    staff_client(editor)
    reset = f"/admin/staff/{editor.pk}/second-factor/"
    assert "перестанут подходить" in text_of(boss.get(reset))
    boss.post(reset)
    assert reset in text_of(boss.get("/admin/staff/"))
    boss.post(reset, YES)
    assert reset not in text_of(boss.get("/admin/staff/"))

"""What operators decide of applications, through their queue in the admin."""

import datetime

import pytest
from django.utils import timezone

from cabinet.accounts.applications import first_login
from cabinet.accounts.links.services import AlreadyLinked
from cabinet.accounts.models import Application, PersonalAccount
from cabinet.subscribers.models import AccountLink
from cabinet.subscribers.personal_data.parts import PARTS
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.schemas import in_company
from tests.support.applications import make_application, make_operator
from tests.support.central_admin import entered
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    PSKOV_HOST,
    make_link,
    staff_client,
    text_of,
)

QUEUE = "/admin/accounts/applications/"


def page(application: Application) -> str:
    return f"{QUEUE}{application.pk}/"


@pytest.fixture
def operator(pskov):
    return make_operator()


@pytest.fixture
def application(account, stranger):
    """A person with a cabinet asks for 805107."""
    return make_application(subscriber_id=stranger.pk, email=stranger.email)


def approve(client, application, **fields):
    return client.post(f"{page(application)}approve/", fields, follow=True)


def refuse(client, application, **fields):
    return client.post(f"{page(application)}refuse/", fields, follow=True)


def state(application):
    return Application.objects.get(pk=application.pk).state


def test_what_waits_longest_stands_first(operator, account):
    for days, fields in (
        (3, {"email": "newer@mail.ru"}),
        (9, {"email": "oldest@mail.ru"}),
        (1, {"email": "done@mail.ru", "state": "refused", "decided_at": timezone.now()}),
        (5, {"email": "unconfirmed@mail.ru", "state": "unconfirmed"}),
    ):
        one = make_application(**fields)
        Application.objects.filter(pk=one.pk).update(
            created_at=timezone.now() - datetime.timedelta(days=days)
        )
    text = text_of(operator.get(QUEUE))
    order = [text.index(f"{who}@mail.ru") for who in ("oldest", "newer", "done", "unconfirmed")]
    assert order == sorted(order)
    assert "Ждут решения: <strong>2</strong>" in text
    assert "в очереди 2" in text_of(operator.get("/admin/"))


def test_search_and_filters(operator, account):
    wanted = make_application(email="anna@mail.ru", reason="delegate")
    make_application(email="other@mail.ru", account_number="999", number="999888777")
    spoken = wanted.spoken_number.replace("\u00a0", " ")
    for query in (
        f"?q={spoken}",
        "?q=00805-107",
        "?q=ANNA@",
        "?q=осип&reason=delegate",
        "?reason=delegate&state=waiting",
    ):
        text = text_of(operator.get(QUEUE + query))
        assert "anna@mail.ru" in text and "other@mail.ru" not in text, query
    assert "Таких заявок нет" in text_of(operator.get(f"{QUEUE}?q=никого"))


def test_the_two_columns(operator, application, pskov, owner):
    link = make_link(owner, pskov, PersonalAccount.objects.get())
    before = make_application(
        email="third@mail.ru",
        state="refused",
        refusal="Документ не тот.",
        decided_at=timezone.now(),
    )
    Application.objects.filter(pk=application.pk).update(last_name="Осиповна")
    text = text_of(operator.get(page(application)))
    assert "Осиповна" in text and "Осипова" in text
    assert text.count("отличается") == 1 and text.count("совпадает") == 4
    assert "КУВИ-001/2026-1" in text and "Выписка из росреестра" in text
    assert "o…@mail.ru" in text and owner.email not in text and str(link.pk) not in text
    assert before.spoken_number.replace("\u00a0", " ") in text and "Документ не тот." in text


def test_approval_gives_the_account(operator, application, stranger, owner, pskov, account):
    make_link(owner, pskov, account)
    assert "одобрена" in text_of(approve(operator, application))
    link = stranger.account_links.get()
    assert (link.account_number, link.proof) == ("805107", "operator")
    assert state(application) == "approved"
    assert Application.objects.get().decided_by == "operator"
    entry = AuditEntry.objects.get(action="application.approve")
    assert entry.actor_name == "operator" and entry.subject == application.number
    (letter,) = Message.objects.filter(kind="account_linked_by_other")
    assert letter.recipient == owner.email and "ператор" in letter.text
    assert "номер счётчика" not in letter.text


def test_differences_have_to_be_accepted(operator, application, stranger):
    Application.objects.update(patronymic="Петровна")
    assert "отличаются" in text_of(approve(operator, application))
    assert state(application) == "waiting" and not stranger.account_links.exists()
    approve(operator, application, despite_differences="yes")
    assert stranger.account_links.exists()
    assert AuditEntry.objects.get(action="application.approve").details["differences"] == [
        "patronymic"
    ]


def test_an_unknown_account_is_chosen_by_its_number(operator, stranger, account):
    application = make_application(
        subscriber_id=stranger.pk, email=stranger.email, account_number="80510"
    )
    assert "у компании нет" in text_of(operator.get(page(application)))
    assert "выберите верный счёт" in text_of(approve(operator, application))
    wrong = operator.post(f"{page(application)}number/", {"account_number": "1"}, follow=True)
    assert "у компании нет. Проверьте номер" in text_of(wrong)
    operator.post(f"{page(application)}number/", {"account_number": " №805-107"})
    application.refresh_from_db()
    assert (application.account_number, application.corrected_number) == ("80510", "805107")
    text = text_of(operator.get(page(application)))
    assert "80510" in text and "вместо набранного" in text
    approve(operator, application, despite_differences="yes")
    assert stranger.account_links.get().account_number == "805107"


def test_a_closed_account_is_not_given(operator, application, stranger):
    PersonalAccount.objects.update(closed_on=timezone.localdate())
    assert "закрыт" in text_of(operator.get(page(application)))
    assert "закрыт" in text_of(approve(operator, application, despite_differences="yes"))
    assert state(application) == "waiting" and not stranger.account_links.exists()


def test_who_has_the_account_already_is_only_closed(
    operator, application, stranger, pskov, account, owner
):
    make_link(stranger, pskov, account)
    make_link(owner, pskov, account)
    assert "уже есть" in text_of(operator.get(page(application)))
    assert "уже есть в кабинете заявителя" in text_of(approve(operator, application))
    assert state(application) == "approved" and stranger.account_links.count() == 1
    assert not Message.objects.filter(kind="account_linked_by_other").exists()


def test_who_links_it_at_this_very_moment_has_it_too(operator, application, stranger, monkeypatch):
    def link_make(*_):
        monkeypatch.undo()  # the second look finds what the first one met
        raise AlreadyLinked

    monkeypatch.setattr(first_login, "link_make", link_make)
    assert "уже есть в кабинете заявителя" in text_of(approve(operator, application))
    assert state(application) == "approved" and stranger.account_links.count() == 1


def test_the_reason_of_a_refusal_is_in_the_letter(operator, application, stranger):
    assert "Выберите причину" in text_of(refuse(operator, application, phrase="", words="  "))
    assert state(application) == "waiting"
    hostile = '<script>alert(1)</script>\r\n=HYPERLINK("http://evil.ru")\x01' + "ж" * 600
    assert "отклонена" in text_of(refuse(operator, application, phrase="0", words=hostile))
    application.refresh_from_db()
    assert application.state == "refused" and "\x01" not in application.refusal
    assert application.refusal.startswith("Номер или дата документа не совпадают")
    letter = Message.objects.get(kind="application_refused")
    assert letter.recipient == stranger.email
    assert "<script>" not in letter.html and "&lt;script&gt;" in letter.html
    assert "ж" * 600 in letter.text
    shown = operator.get(page(application)).content.decode()
    assert "<script>alert" not in shown and "&lt;script&gt;alert" in shown
    entry = AuditEntry.objects.get(action="application.refuse")
    assert entry.details == {"account_number": "805107", "reason": application.refusal}


def test_too_long_a_reason_stays_in_the_form(operator, application):
    text = text_of(refuse(operator, application, words="ж" * 1001))
    assert "ж" * 1001 in text and state(application) == "waiting"


def test_the_second_operator_hears_of_the_first(operator, application, stranger):
    second = make_operator("second")
    approve(operator, application)
    for answer in (approve(second, application), refuse(second, application, phrase="3")):
        assert "одобрил operator" in text_of(answer)
    assert state(application) == "approved" and stranger.account_links.count() == 1


def test_who_has_left_meanwhile(operator, application, stranger):
    stranger.delete()
    assert "удалён" in text_of(operator.get(page(application)))
    assert "больше нет" in text_of(approve(operator, application))
    assert state(application) == "waiting"
    refuse(operator, application, phrase="0")
    assert state(application) == "refused"
    PARTS["applications"].delete(application.subscriber_id)  # as the deletion's task in the company
    assert operator.get(page(application)).status_code == 404
    assert approve(operator, application).status_code == 404


def test_an_unconfirmed_application_is_not_decided(operator, account):
    application = make_application(state="unconfirmed", reason="registration")
    assert "ещё не подтвердил" in text_of(approve(operator, application))
    assert state(application) == "unconfirmed" and not AccountLink.objects.exists()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (roles.EDITORS, 404),
        (roles.MODERATORS, 404),
        (roles.CASHIERS, 404),
        (roles.OPERATORS, 200),
        (roles.COMPANY_ADMINISTRATORS, 200),
    ],
)
def test_who_may_decide(application, role, status):
    user = staff_create(username="somebody", password=PASSWORD, groups=[role])
    client = staff_client(user)
    for path in (QUEUE, page(application)):
        assert client.get(path).status_code == status
    if status == 404:
        for action in ("approve", "refuse", "number"):
            answer = client.post(f"{page(application)}{action}/", {"phrase": "0"})
            assert answer.status_code == 404
    assert state(application) == "waiting"
    assert ("Заявки на лицевые счета" in text_of(client.get("/admin/"))) == (status == 200)


def test_another_companys_application_is_not_there(application, novgorod, central_admin):
    with in_company(novgorod):
        client = make_operator("operator", NOVGOROD_HOST)
    assert client.get(QUEUE).status_code == 200
    assert client.get(page(application)).status_code == 404
    assert client.post(f"{page(application)}approve/").status_code == 404
    office = staff_client(central_admin, BASE_HOST)
    assert office.get(QUEUE).status_code == 404
    assert state(application) == "waiting"


def test_the_central_office_does_not_decide_for_a_company(application, pskov, central_admin):
    inside = entered(staff_client(central_admin, BASE_HOST), pskov, PSKOV_HOST)
    for path in (QUEUE, page(application)):
        assert inside.get(path).status_code == 404
    assert inside.post(f"{page(application)}approve/").status_code == 404
    assert state(application) == "waiting"

"""The site's form: what guests and persons of the cabinet send lies in the queue of appeals."""

from uuid import uuid4

import pytest
from django.test import Client
from django_tenants.utils import schema_context

from cabinet.appeals.models import Appeal
from cabinet.appeals.site_form import site_form_received
from cms_pages.models import FormField, FormPage, HomePage
from cms_pages.pages.form_answers import SiteAnswer, SiteAnswers
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import (
    NOVGOROD_HOST,
    PASSWORD,
    make_account,
    make_link,
    staff_client,
    text_of,
)

HUMAN = {"captcha": "human"}
TYPED = ("Нина", "nina@mail.ru", "805-107", "Двор, 2-й подъезд", "Когда поверка?\nЖду звонка.")
ODD = "\u202e\u200b"  # turns the direction of what follows, and has no width


def make_form() -> FormPage:
    home = HomePage.objects.get()
    page = home.add_child(instance=FormPage(title="Написать нам", slug="vopros"))
    for order, (label, kind) in enumerate(
        (
            ("Как к вам обращаться", "singleline"),
            ("Электронная почта", "email"),
            ("Номер лицевого счёта", "singleline"),
            ("Где это", "singleline"),
            ("Ваш вопрос", "multiline"),
        )
    ):
        FormField.objects.create(
            page=page, label=label, field_type=kind, sort_order=order, required=False
        )
    return page


@pytest.fixture
def form_page(pskov) -> FormPage:
    return make_form()


def filled(page: FormPage, *values: str) -> dict[str, str]:
    names = [field.clean_name for field in page.form_fields.all()]
    return dict(zip(names, values, strict=True))


def test_a_guest_gets_a_number_and_the_desk_an_appeal(guest, form_page):
    account = make_account("805107")
    answers = filled(form_page, *TYPED[:-1], f"{ODD}{TYPED[-1]}{ODD}") | HUMAN
    sent = guest.post("/vopros/", answers)
    assert sent.status_code == 302
    appeal = Appeal.objects.get()
    assert f"№ {appeal.pk} принято" in text_of(guest.get(sent.url))
    assert appeal.source == "site" and appeal.state == "new" and appeal.due_at
    assert (appeal.contact_name, appeal.email) == TYPED[:2]
    assert (appeal.kind_name, appeal.text) == ("Написать нам", TYPED[-1])
    assert appeal.account == account and appeal.subscriber_id is None
    assert ["Номер лицевого счёта", TYPED[2]] in appeal.answers  # as it was typed
    assert ["Где это", TYPED[3]] in appeal.answers

    operator = staff_client(
        staff_create(username="operator", password=PASSWORD, groups=[roles.OPERATORS])
    )
    shown = text_of(operator.get(f"/admin/appeals/{appeal.pk}/"))
    assert "Номер счёта назвал посетитель сайта" in shown

    guest.post("/vopros/", answers)  # a second click
    assert Appeal.objects.count() == 1
    guest.post("/vopros/", answers | filled(form_page, *TYPED[:-1], "Ещё вопрос"))
    assert Appeal.objects.count() == 2
    made_up = text_of(guest.get("/vopros/?sent=999:abc"))
    assert "№ 999" not in made_up and "Сообщение отправлено" in made_up


def test_a_person_of_the_cabinet_finds_it_there(owner, owner_client, form_page, pskov):
    account = make_account("805107")
    make_link(owner, pskov, account)
    answers = filled(form_page, "Лена", "", "", "", "Когда поверка?")
    page = text_of(owner_client.get(owner_client.post("/vopros/", answers).url))
    appeal = Appeal.objects.get()
    assert appeal.subscriber_id == owner.pk and appeal.account == account
    assert appeal.email == owner.email and f"№ {appeal.pk}" in page
    assert f"/cabinet/appeals/{appeal.pk}/" in page
    assert "Когда поверка?" in text_of(owner_client.get(f"/cabinet/appeals/{appeal.pk}/"))
    owner_client.post("/cabinet/logout/")
    assert owner_client.post("/vopros/", answers | HUMAN).status_code == 302
    assert Appeal.objects.filter(subscriber_id=None).count() == 1


def test_a_person_who_names_a_strangers_account_learns_nothing(owner, owner_client, form_page):
    make_account("806018")
    owner_client.post("/vopros/", filled(form_page, "Лена", "", "806018", "", "Чей это счёт?"))
    appeal = Appeal.objects.get()
    assert appeal.subscriber_id == owner.pk and appeal.account is None
    assert "806018" in str(appeal.answers)
    assert "№ 806018" not in text_of(owner_client.get("/cabinet/appeals/"))


def test_nothing_that_was_typed_is_lost(guest, form_page):
    """An e-mail that is none, a name of a paragraph, no long text, an unknown account."""
    FormField.objects.filter(page=form_page, field_type="email").update(field_type="singleline")
    form_page.refresh_from_db()
    long_name = "Я " * 100
    answers = filled(form_page, long_name, "без почты", "нет такого", "", "") | HUMAN
    assert guest.post("/vopros/", answers).status_code == 302
    appeal = Appeal.objects.get()
    assert appeal.account is None and appeal.email == "" and appeal.contact_name == ""
    for said in (long_name.strip(), "без почты", "нет такого"):
        assert said in appeal.text


def test_another_company_and_the_base_host_keep_their_own(form_page, novgorod):
    with schema_context("novgorod"):
        other = make_form()
        answers = filled(other, "Олег", "", "", "", "Вопрос в Новгороде") | HUMAN
    Client(headers={"host": NOVGOROD_HOST}).post("/vopros/", answers)
    assert not Appeal.objects.exists()
    with schema_context("novgorod"):
        assert Appeal.objects.get().text == "Вопрос в Новгороде"
    sent = SiteAnswers("Вопрос порталу", uuid4(), (SiteAnswer("Вопрос", "Где мой регион?"),))
    with schema_context("public"):
        assert site_form_received(None, sent=sent) is None

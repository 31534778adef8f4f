"""Registration by application, as manual 2, 3.3 has it: form, letter, button, and what is not let through."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.accounts.applications import services
from cabinet.accounts.applications.decisions import application_approve, application_refuse
from cabinet.accounts.models import Application
from cabinet.accounts.tasks import applications_forget
from cabinet.subscribers.models import Consent, Subscriber
from portal.messaging.models import Message
from portal.staff.models import StaffUser
from tests.cabinet.subscribers.registering import browser
from tests.support.applications import make_application
from tests.support.applying import FORM, applied, by_application, filled, letter_path
from tests.support.factories import NOVGOROD_HOST, logged_in, staff_client, text_of

LABELS = (
    *("Адрес", "Лицевой счёт", "Электронная почта", "Фамилия", "Имя", "Отчество", "Телефон"),
    *("Тип документа", "Номер документа", "Дата документа"),
)
KINDS = {
    "state_registration": "Свидетельство о гос. регистрации",
    "inheritance": "Свидетельство о праве наследования",
    "free_use": "Договор о передаче помещения в безвозмездное пользование",
    "register_extract": "Выписка из росреестра",
    "other": "Иное",
}


@pytest.fixture(autouse=True)
def _here(pskov):
    by_application()


def test_the_form_is_the_manuals(guest):
    page = text_of(guest.get(FORM))
    places = [page.index(f">{label}</label>") for label in LABELS]
    assert places == sorted(places)
    assert all(f">{kind}</option>" in page for kind in KINDS.values())
    assert page.index("Иное</option>") < page.index("Зарегистрироваться")
    for name in ("street-address", "email", "family-name", "given-name", "additional-name", "tel"):
        assert f'autocomplete="{name}"' in page


def test_the_button_of_the_entry_page_leads_to_it(guest):
    assert f'href="{FORM}"' in text_of(guest.get("/cabinet/login/"))
    for method in (guest.get, guest.post):
        assert method("/cabinet/register/").headers["Location"] == FORM


def test_only_where_the_company_says_so(guest, novgorod):
    for path in (FORM, f"{FORM}sent/"):
        assert Client(headers={"host": NOVGOROD_HOST}).get(path).status_code == 404
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    assert elsewhere.post(FORM, filled()).status_code == 404
    assert 'name="password"' in text_of(elsewhere.get("/cabinet/register/"))
    by_application(False)
    assert guest.post(FORM, filled()).status_code == 404
    assert not Application.objects.exists()


def test_a_fund_registers_by_application_unless_it_says_otherwise(pskov):
    from cabinet.accounts.models import RegistrationSettings

    RegistrationSettings.objects.all().delete()
    assert not services.registration_settings().by_application
    pskov.kind = "capital_repair"
    assert services.registration_settings().by_application


def test_an_administrator_sets_it(company_administrator, editor, guest):
    address = "/admin/settings/accounts/registrationsettings/"
    boss = staff_client(company_administrator)
    page = text_of(boss.get(address, follow=True))
    assert "регистрация по заявке" in page.lower()
    answer = boss.post(
        boss.get(address).headers["Location"], {"review_days": "5", "hint": "Приготовьте СНИЛС."}
    )
    assert answer.status_code == 302
    assert guest.get(FORM).status_code == 404  # the box was not ticked
    by_application()
    page = text_of(guest.get(FORM))
    assert "Приготовьте СНИЛС." in page and "пяти рабочих дней" in page
    assert staff_client(editor).get(address, follow=True).status_code in (302, 403) or (
        "hint" not in text_of(staff_client(editor).get(address, follow=True))
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_whole_way_to_the_operator(guest, kind):
    answer = guest.post(FORM, filled(document_kind=kind), follow=True)
    page = text_of(answer)
    assert "nina@mail.ru" in page and "Подтвердить" in page and "трое" not in page
    (application,) = Application.objects.all()
    assert application.state == "unconfirmed" and application.document_kind == kind
    assert application.phone == "+79111234567"
    assert application.document_date == datetime.date(2015, 3, 12)
    assert Consent.objects.filter(application_id=application.pk).count() == 2
    reader = browser()
    path = letter_path()
    for method in ("get", "head", "options"):
        getattr(reader, method)(path)
    assert Application.objects.get().state == "unconfirmed"
    page = text_of(reader.get(path))
    assert application.spoken_number in page.replace(" ", "\xa0") and "Подтвердить" in page
    page = text_of(reader.post(path, follow=True))
    assert "ждёт оператора" in page and "трёх рабочих дней" in page
    assert Application.objects.get().state == "waiting"
    assert not Subscriber.objects.exists()
    again = text_of(reader.post(path, follow=True))
    assert "ждёт оператора" in again
    assert "ждёт оператора" in text_of(guest.get(f"{FORM}sent/"))


@pytest.mark.parametrize(("state", "words"), [("approved", "одобрена"), ("refused", "отклонена")])
def test_the_link_opened_later_says_what_is_the_case(guest, account, state, words):
    application = applied(guest)
    operator = StaffUser(username="operator")
    if state == "approved":
        application_approve(application=application, operator=operator)
    else:
        application_refuse(application=application, operator=operator, reason="Не тот документ.")
    path = letter_path()
    assert f"Заявка {words}" in text_of(guest.get(path))
    guest.post(path)
    assert Application.objects.get().state == state


def test_an_old_link_an_unknown_one_and_the_sweep(guest):
    guest.post(FORM, filled())
    path = letter_path()
    applied(guest, email="other@mail.ru")
    Application.objects.update(link_expires_at=timezone.now())
    for link in (path, path.replace(path.split("/")[5], "x" * 43)):
        for method in (guest.get, guest.post):
            answer = method(link)
            assert answer.status_code == 410 and "больше не действует" in text_of(answer)
    applications_forget()
    (left,) = Application.objects.all()
    assert left.email == "other@mail.ru"
    assert set(Consent.objects.values_list("application_id", flat=True)) == {left.pk}


def test_a_refused_application_of_nobody_is_forgotten_after_half_a_year(guest, stranger):
    now, day = timezone.now(), datetime.timedelta(days=1)
    for days, email, person in (
        (179, "lately@mail.ru", None),
        (181, "over@mail.ru", None),
        (400, "cabinet@mail.ru", stranger.pk),
    ):
        make_application(
            state="refused", email=email, subscriber_id=person, decided_at=now - days * day
        )
    applications_forget()
    left = set(Application.objects.values_list("email", flat=True))
    assert left == {"lately@mail.ru", "cabinet@mail.ru"}


def test_the_letter_can_be_sent_again(guest):
    guest.post(FORM, filled())
    first = letter_path()
    page = text_of(guest.post(f"{FORM}resend/", follow=True))
    assert "чуть позже" in page and Message.objects.count() == 1
    Application.objects.update(sent_at=timezone.now() - datetime.timedelta(minutes=2))
    assert "Отправили письмо ещё раз" in text_of(guest.post(f"{FORM}resend/", follow=True))
    assert guest.post(first).status_code == 410
    assert guest.post(letter_path()).status_code == 302
    assert Application.objects.get().state == "waiting"
    assert guest.post(f"{FORM}resend/").status_code == 302
    assert Message.objects.count() == 2
    stranger = browser()
    assert stranger.post(f"{FORM}resend/").headers["Location"] == FORM
    assert stranger.get(f"{FORM}sent/").headers["Location"] == FORM


def test_a_wrong_address_is_corrected_by_a_new_application(guest):
    guest.post(FORM, filled(email="nina@mail.rv"))
    page = text_of(guest.get(f"{FORM}?again=1"))
    assert 'value="nina@mail.rv"' in page and 'value="12.03.2015"' in page
    assert "Рижский пр., 20" in page and "checked" not in page
    assert "Рижский" not in text_of(browser().get(f"{FORM}?again=1"))
    Application.objects.update(created_at=timezone.now() - datetime.timedelta(hours=2))
    assert "Рижский" not in text_of(guest.get(f"{FORM}?again=1"))


def test_sent_twice_the_second_one_is_told_that_the_first_one_waits(guest):
    first = applied(guest)
    guest.post(FORM, filled(account_number="00805-107"))
    path = letter_path()
    for answer in (guest.get(path), guest.post(path)):
        page = text_of(answer)
        assert "уже подавали" in page and first.spoken_number.replace("\xa0", " ") in page
    assert Application.objects.filter(state="waiting").get() == first
    # Somebody else's for the same account, and the same person's for another one, go on.
    applied(guest, email="other@mail.ru")
    applied(guest, account_number="805108")
    assert Application.objects.filter(state="waiting").count() == 3


def test_an_account_that_somebody_holds(guest, link):
    """The operator sees it; the holder hears of it when it is approved."""
    applied(guest)
    assert not Message.objects.filter(recipient="owner@mail.ru").exists()


def test_somebody_logged_in_links_in_the_cabinet(owner_client):
    assert owner_client.get(FORM).headers["Location"] == "/cabinet/accounts/"
    assert owner_client.post(FORM, filled()).headers["Location"] == "/cabinet/accounts/"


@pytest.mark.parametrize("field", ["patronymic", "phone_home", "day", "name"])
def test_what_people_type(guest, field):
    right = {
        "patronymic": ({"patronymic": " - "}, {"patronymic": ""}),
        "phone_home": ({"phone": "8 (8112) 59-50-50"}, {"phone": "+78112595050"}),
        "day": ({"document_date": "1 3 2015 г."}, {"document_date": datetime.date(2015, 3, 1)}),
        "name": ({"last_name": " Осипова\u200b -  Петрова"}, {"last_name": "Осипова - Петрова"}),
    }
    typed, stored = right[field]
    assert guest.post(FORM, filled(**typed)).status_code == 302
    application = Application.objects.get()
    assert {name: getattr(application, name) for name in stored} == stored


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("address", "", "Укажите адрес помещения."),
        ("address", "ю" * 301, "не больше 300"),
        ("account_number", "", "Укажите номер лицевого счёта"),
        ("account_number", "8" * 31, "он короче"),
        ("email", "nina@", "почтовой службы"),
        ("last_name", "…", "Укажите фамилию."),
        ("first_name", "нет", "Укажите имя."),
        ("phone", "59-50-50", "с кодом города"),
        ("phone", "+1 212 555 0100", "российский номер"),
        ("document_kind", "", "Выберите тип документа."),
        ("document_kind", "passport", "из списка"),
        ("document_number", "", "Укажите номер документа."),
        ("document_date", "", "Укажите дату документа."),
        ("document_date", "вчера", "цифрами"),
        ("document_date", "31.02.2015", "Такого дня нет"),
        ("document_date", "12.03.2099", "ещё не наступила"),
        ("document_date", "12.03.0015", "Проверьте год"),
        ("consent", "", "Без согласия"),
        ("captcha", "robot", "робот"),
    ],
)
def test_what_is_refused(guest, field, typed, words):
    page = text_of(guest.post(FORM, filled(**{field: typed})))
    assert "Проверьте, пожалуйста" in page and words in page
    assert page.count("data-focus") == 1
    kept = filled(**{field: typed})
    assert field in ("address", "email") or f'value="{kept["email"]}"' in page
    assert not Application.objects.exists() and not Message.objects.exists()


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>x", "{{ 7|add:7 }}", "x\x00y", "'--x"]
)
def test_hostile_input_is_text(guest, hostile):
    form = filled(address=hostile, last_name=hostile, document_number=hostile)
    assert guest.post(FORM, form).status_code in (200, 302)
    page = text_of(guest.get(f"{FORM}?again=1"))
    assert "<script>alert" not in page
    if Application.objects.exists():
        assert "<script>" not in Message.objects.get().html


def test_a_link_of_one_company_is_worth_nothing_at_another(guest):
    guest.post(FORM, filled())
    elsewhere = Client(headers={"host": NOVGOROD_HOST})
    assert elsewhere.post(letter_path()).status_code == 410
    elsewhere.cookies.update(guest.cookies)
    assert elsewhere.get(f"{FORM}sent/").status_code == 404
    assert Application.objects.get().state == "unconfirmed"


def test_the_page_of_the_letter_serves_somebody_logged_in_too(guest, stranger):
    guest.post(FORM, filled())
    reader = logged_in(stranger, "pskov.gas.localhost")
    assert reader.post(letter_path()).status_code == 302
    assert Application.objects.get().state == "waiting"

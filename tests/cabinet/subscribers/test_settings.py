"""«Настройки»: password, e-mail address, telephone."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.models import ContactChange, Subscriber
from cabinet.subscribers.settings.contact_changes import change_to_stop
from cabinet.subscribers.settings.views_contacts import BY_PERSON, BY_TARGET
from portal.messaging.models import Message
from tests.support.factories import NOVGOROD_HOST, PASSWORD, PSKOV_HOST, logged_in, text_of

PATH = "/cabinet/settings/"
NEW = "новый-огонь-горит-2"


def change_password(client: Client, **changed: str):
    form = {"current_password": PASSWORD, "new_password": NEW, "repeated_password": NEW, **changed}
    return client.post(f"{PATH}password/", form, follow=True)


def link_in(kind: str) -> str:
    text = Message.objects.filter(kind=kind).latest("created_at").text
    return re.search(r"http://[^/]+(/\S+/)", text)[1]


def change_email(client: Client, email: str = "new@mail.ru", password: str = PASSWORD):
    form = {"current_password": password, "email": email}
    return client.post(f"{PATH}email/", form, follow=True)


def emailed(client: Client) -> str:
    change_email(client)
    return link_in("email_change")


def confirm_phone(client: Client) -> None:
    client.post(f"{PATH}phone/", {"current_password": PASSWORD, "phone": "+7 911 234-56-78"})
    code = re.search(r"\b\d{6}\b", Message.objects.get(kind="phone_code").text)[0]
    client.post(f"{PATH}phone/code/", {"code": code})


def warnings() -> list[str]:
    texts = Message.objects.filter(kind="contact_change_warning").values_list("text", flat=True)
    return [re.search(r"http://[^/]+(/\S+/)", text)[1] for text in texts]


def stops(kind: str, link: str) -> bool:
    change = change_to_stop(link.rstrip("/").rpartition("/")[2])
    return change is not None and change.kind == kind


class TestPassword:
    def test_others_end_on_all_hosts_and_the_token_rotates(self, owner, pskov, novgorod):
        client = logged_in(owner, PSKOV_HOST)
        others = [logged_in(owner, PSKOV_HOST), logged_in(owner, NOVGOROD_HOST)]
        before = client.cookies["subscriber"].value
        assert "Пароль изменён" in text_of(change_password(client))
        assert client.cookies["subscriber"].value != before
        for other in others:
            assert other.get("/cabinet/accounts/").status_code == 302
        assert Subscriber.objects.get().check_password(NEW)
        assert Message.objects.get().kind == "password_changed"

    @pytest.mark.parametrize(
        ("changed", "told", "field"),
        [
            ({"current_password": "не тот"}, "Пароль неверный", "current_password"),
            ({"current_password": ""}, "Введите пароль", "current_password"),
            ({"new_password": "12345678", "repeated_password": "12345678"}, "цифр", "new_password"),
            ({"new_password": "корот", "repeated_password": "корот"}, "8", "new_password"),
            (
                {"new_password": PASSWORD, "repeated_password": PASSWORD},
                "нынешний пароль",
                "new_password",
            ),
            ({"repeated_password": "другой"}, "не совпадают", "repeated_password"),
        ],
    )
    def test_what_is_wrong_stands_at_its_field(self, owner_client, pskov, changed, told, field):
        page = text_of(change_password(owner_client, **changed))
        assert told in page and f'href="#password_{field}"' in page
        assert NEW not in page and PASSWORD not in page
        assert Subscriber.objects.get().check_password(PASSWORD)

    def test_a_long_one_and_ones_own_name(self, owner_client, pskov):
        long = "я" * 300
        page = text_of(change_password(owner_client, new_password=long, repeated_password=long))
        assert "256" in page
        own = "Owner-2026-огонь"
        assert "имя, адрес почты" in text_of(
            change_password(owner_client, new_password=own, repeated_password=own)
        )

    def test_ten_wrong_ones_are_enough(self, owner_client, pskov):
        for _ in range(10):
            change_password(owner_client, current_password="не тот")
        assert "Слишком много" in text_of(change_password(owner_client))

    def test_of_a_fund_the_button_has_the_manuals_words(self, owner_client, pskov):
        assert "Сохранить изменения" in text_of(owner_client.get(PATH))
        pskov.kind = "capital_repair"
        pskov.save()
        page = text_of(owner_client.get(PATH))
        for words in ("Сменить пароль", "Изменить", "Настройки", "Выход", "Пароль от личного"):
            assert words in page


class TestEmail:
    def test_a_stranger_gets_ten_letters_a_day(self, owner_client, owner, pskov):
        target = Contact("email", "new@mail.ru").key
        for _ in range(11):
            BY_PERSON.forget(str(owner.pk))
            BY_TARGET[0].forget(target)
            ContactChange.objects.update(sent_at=timezone.now() - datetime.timedelta(hours=1))
            page = text_of(change_email(owner_client))
        assert "Слишком много" in page
        assert Message.objects.filter(kind="email_change").count() == 10

    def test_confirmed_from_the_new_address(self, owner_client, owner, pskov):
        change_email(owner_client, " NEW@mail.ru")
        assert {m.kind: m.recipient for m in Message.objects.all()} == {
            "email_change": "new@mail.ru",
            "contact_change_warning": "owner@mail.ru",
        }
        path = link_in("email_change")
        assert "Подтвердить" in text_of(owner_client.get(path))
        assert Subscriber.objects.get().email == "owner@mail.ru"  # a GET confirms nothing
        assert "почты изменён" in text_of(owner_client.post(path, follow=True))
        assert Subscriber.objects.get().email == "new@mail.ru"
        assert "уже подтверждён" in text_of(owner_client.get(path))
        assert owner_client.post(path).status_code == 302

    def test_without_the_password_nothing(self, owner_client, owner, pskov):
        page = text_of(change_email(owner_client, password="не тот"))
        assert "Пароль неверный" in page and "new@mail.ru" in page
        assert not ContactChange.objects.exists()

    def test_a_strangers_link_is_a_404_or_the_login(self, owner_client, stranger, guest, pskov):
        change_email(owner_client)
        path = link_in("email_change")
        assert logged_in(stranger, PSKOV_HOST).post(path).status_code == 404
        assert guest.post(path).headers["Location"].startswith("/cabinet/login/")
        assert not Subscriber.objects.filter(email="new@mail.ru").exists()

    def test_an_address_of_somebody_else_looks_the_same(self, owner_client, stranger, pskov):
        assert text_of(change_email(owner_client, "free@mail.ru")).count("отправили письмо на")
        ContactChange.objects.all().delete()
        page = text_of(change_email(owner_client, stranger.email))
        assert "отправили письмо на" in page
        taken = Message.objects.get(kind="contact_taken")
        assert taken.recipient == stranger.email

    def test_taken_in_the_meantime(self, owner_client, owner, stranger, pskov):
        change_email(owner_client)
        stranger.email = "new@mail.ru"
        stranger.save()
        page = text_of(owner_client.post(link_in("email_change"), follow=True))
        assert "уже есть другой личный кабинет" in page
        owner.refresh_from_db()
        assert owner.email == "owner@mail.ru"

    def test_an_old_link(self, owner_client, pskov):
        change_email(owner_client)
        ContactChange.objects.update(expires_at=timezone.now())
        assert owner_client.get(link_in("email_change")).status_code == 404

    @pytest.mark.parametrize("confirmed", [False, True])
    def test_the_old_address_stops_it(self, owner, pskov, guest, confirmed):
        thief = logged_in(owner, PSKOV_HOST)
        change_email(thief)
        confirm, stop = link_in("email_change"), link_in("contact_change_warning")
        if confirmed:
            thief.post(confirm)
        assert "Остановить изменение" in text_of(guest.get(stop))
        assert "Изменение остановлено" in text_of(guest.post(stop))
        owner.refresh_from_db()
        assert owner.email == "owner@mail.ru" and not owner.check_password(PASSWORD)
        assert thief.get(PATH).status_code == 302
        assert guest.post(stop).status_code == 410

    def test_the_first_warning_undoes_all_that_followed(self, owner, pskov, guest):
        thief = logged_in(owner, PSKOV_HOST)
        change_email(thief)
        thief.post(link_in("email_change"))
        first = link_in("contact_change_warning")
        change_email(thief, "newer@mail.ru")
        thief.post(link_in("email_change"))
        second = link_in("contact_change_warning")
        guest.post(first)
        assert guest.post(second).status_code == 410
        assert Subscriber.objects.get().email == "owner@mail.ru"

    @pytest.mark.parametrize("phone_first", [True, False])
    def test_a_thiefs_telephone_goes_with_it(self, owner, pskov, guest, phone_first):
        """It would lead to a temporary password, and back in."""
        thief = logged_in(owner, PSKOV_HOST)
        steps = [lambda: confirm_phone(thief), lambda: thief.post(emailed(thief))]
        for step in steps if phone_first else reversed(steps):
            step()
        owner.refresh_from_db()
        assert (owner.email, owner.phone) == ("new@mail.ru", "+79112345678")
        stop = next(link for link in warnings() if stops("email", link))
        assert guest.post(stop).status_code == 200
        owner.refresh_from_db()
        assert (owner.email, owner.phone) == ("owner@mail.ru", None)

    def test_a_telephone_of_weeks_ago_stays(self, owner, pskov, guest):
        thief = logged_in(owner, PSKOV_HOST)
        confirm_phone(thief)
        ContactChange.objects.update(confirmed_at=timezone.now() - datetime.timedelta(days=4))
        change_email(thief)
        guest.post(link_in("contact_change_warning"))
        owner.refresh_from_db()
        assert (owner.email, owner.phone) == ("owner@mail.ru", "+79112345678")

    def test_after_some_days_it_stands(self, owner_client, guest, pskov):
        change_email(owner_client)
        owner_client.post(link_in("email_change"))
        ContactChange.objects.update(confirmed_at=timezone.now() - datetime.timedelta(days=4))
        assert guest.post(link_in("contact_change_warning")).status_code == 410
        assert Subscriber.objects.get().email == "new@mail.ru"

    def test_a_changed_password_ends_a_change(self, owner_client, pskov):
        change_email(owner_client)
        change_password(owner_client)
        assert owner_client.get(link_in("email_change")).status_code == 404

    def test_not_twice_a_minute(self, owner_client, pskov):
        change_email(owner_client)
        assert "через минуту" in text_of(change_email(owner_client, "other@mail.ru"))
        assert Message.objects.filter(kind="email_change").count() == 1


class TestPhone:
    @pytest.fixture
    def code(self, owner_client, pskov) -> str:
        form = {"current_password": PASSWORD, "phone": "8 (911) 234-56-78"}
        answer = owner_client.post(f"{PATH}phone/", form)
        assert answer.headers["Location"] == f"{PATH}phone/code/"
        message = Message.objects.get(kind="phone_code")
        assert (message.channel, message.recipient) == ("sms", "+79112345678")
        return re.search(r"\b\d{6}\b", message.text)[0]

    def test_the_code_as_people_type_it(self, owner_client, owner, code):
        page = owner_client.post(
            f"{PATH}phone/code/", {"code": f" {code[:3]} {code[3:]}"}, follow=True
        )
        assert "Номер телефона подтверждён" in text_of(page)
        owner.refresh_from_db()
        assert owner.phone == "+79112345678"
        assert Message.objects.get(kind="contact_change_warning").recipient == owner.email

    def test_a_code_has_five_tries(self, owner_client, owner, code):
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        page = text_of(owner_client.post(f"{PATH}phone/code/", {"code": wrong}))
        assert "Осталось 4 попытки" in page
        for _ in range(4):
            owner_client.post(f"{PATH}phone/code/", {"code": wrong})
        page = text_of(owner_client.post(f"{PATH}phone/code/", {"code": code}, follow=True))
        assert "больше не действует" in page
        owner.refresh_from_db()
        assert owner.phone is None

    def test_the_code_is_short_lived(self, owner_client, code):
        ContactChange.objects.update(expires_at=timezone.now())
        answer = owner_client.post(f"{PATH}phone/code/", {"code": code})
        assert answer.headers["Location"] == f"{PATH}phone/"

    @pytest.mark.parametrize("phone", ["+7 911 234 56 7", "12", ""])
    def test_a_bad_number_is_refused_beside_its_field(self, owner_client, pskov, phone):
        form = {"current_password": PASSWORD, "phone": phone}
        page = text_of(owner_client.post(f"{PATH}phone/", form))
        assert 'href="#phone_phone"' in page
        assert not Message.objects.exists()


def test_without_a_sender_of_sms_no_telephone_is_asked_for(owner_client, pskov, settings):
    assert "Указать номер" in text_of(owner_client.get(PATH))
    settings.MESSAGE_SENDERS = {**settings.MESSAGE_SENDERS, "sms": ""}
    assert "Указать номер" not in text_of(owner_client.get(PATH))
    assert owner_client.get(f"{PATH}phone/").status_code == 404


def test_the_menu_leads_to_settings(owner_client, pskov):
    page = text_of(owner_client.get("/cabinet/accounts/"))
    assert f'href="{PATH}"' in page and "Выйти" in page and "Управление" in page


def test_the_second_tab(owner_client, owner, pskov):
    page = text_of(owner_client.get(f"{PATH}subscriptions/"))
    assert "Подписки" in page and owner.email in page

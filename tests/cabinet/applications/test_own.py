"""Applications of somebody who is logged in: for any company, from any host."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from cabinet.accounts.linking.drafts import draft_start
from cabinet.accounts.models import Application
from cabinet.subscribers.models import Consent, Delegation
from portal.messaging.models import Message
from tenants.schemas import in_company
from tests.support.applications import make_application, make_operator
from tests.support.factories import (
    NOVGOROD_HOST,
    agree,
    logged_in,
    make_link,
    make_subscriber,
    text_of,
)

APPLY = "/cabinet/accounts/apply/"


def filled(**changed: Any) -> dict[str, Any]:
    return {
        "region": "Псковская область",
        "account_number": "805107",
        "address": "Псков, Рижский пр., 20, кв. 1",
        "last_name": "Осипова",
        "first_name": "Елена",
        "patronymic": "Григорьевна",
        "phone": "8 (911) 123-45-67",
        "document_kind": "register_extract",
        "document_number": "КУВИ-001",
        "document_date": "12.03.2015",
        **changed,
    }


@pytest.fixture
def client(stranger, pskov, account):
    agree(stranger, pskov)
    return logged_in(stranger, "pskov.gas.localhost")


def test_sent_once_and_shown_again(client, stranger):
    answer = client.post(APPLY, filled())
    application = Application.objects.get()
    assert (application.state, application.reason) == ("waiting", "no_proof")
    assert (application.subscriber_id, application.email) == (stranger.pk, stranger.email)
    assert answer.url == f"/cabinet/accounts/applications/pskov/{application.pk}/"
    text = text_of(client.get(answer.url))
    spoken = application.spoken_number.replace("\u00a0", " ")
    assert spoken in text and "трёх рабочих дней" in text and stranger.email in text
    again = client.post(APPLY, filled(account_number="№ 805-107", patronymic=""))
    assert again.url == answer.url and Application.objects.count() == 1
    assert spoken in text_of(client.get("/cabinet/accounts/"))


def test_from_another_companys_host_with_its_consent(stranger, novgorod, pskov, account):
    with in_company(novgorod):
        agree(stranger, novgorod)
    client = logged_in(stranger, NOVGOROD_HOST)
    text = text_of(client.get(f"{APPLY}?region=Псковская область&number=805107"))
    assert 'value="805107"' in text and "consent_pskov" in text
    refused = client.post(APPLY, filled())
    assert "нужно согласие" in text_of(refused) and not Application.objects.exists()
    form = refused.context["form"]
    sign = form.fields["consent_pskov"].widget.sign
    answer = client.post(APPLY, filled(consent_pskov=sign))
    assert answer.url.startswith("/cabinet/accounts/applications/pskov/")
    assert Consent.objects.filter(subscriber=stranger, company=pskov).count() == 1
    assert Application.objects.count() == 1
    with in_company(novgorod):
        assert not Application.objects.exists()
    assert "ждёт оператора" in text_of(client.get("/cabinet/accounts/"))


def test_what_the_wizard_knows_is_filled_in(client, stranger, owner, pskov):
    draft = draft_start(
        stranger, region="Псковская область", company=pskov, account_number="805107"
    )
    assert 'value="805107"' in text_of(client.get(f"{APPLY}?draft={draft.pk}"))
    strange = draft_start(owner, region="Псковская область", account_number="999888")
    assert client.get(f"{APPLY}?draft={strange.pk}").status_code == 404
    assert client.get(f"{APPLY}?draft=нет").status_code == 200


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"document_number": ""}, "Укажите номер документа"),
        ({"document_date": "31.02.2015"}, "нет в календаре"),
        ({"last_name": "-"}, "Укажите фамилию"),
        ({"account_number": ""}, "Укажите номер лицевого счёта"),
        ({"phone": "12"}, "омер"),
    ],
)
def test_an_error_keeps_what_was_typed(client, changed, said):
    text = text_of(client.post(APPLY, filled(**changed)))
    assert said in text and "Рижский пр., 20" in text
    assert not Application.objects.exists()


def test_nothing_tells_whether_the_account_exists(client, owner, pskov, account):
    make_link(owner, pskov, account)
    for number in ("805107", "111222333"):
        answer = client.post(APPLY, filled(account_number=number))
        text = text_of(client.get(answer.url))
        assert "отправлена" in text and "Осипова" not in text


def test_an_account_of_ones_own(client, stranger, pskov, account):
    make_link(stranger, pskov, account)
    assert "уже привязан" in text_of(client.post(APPLY, filled()))
    assert not Application.objects.exists()


def test_a_former_delegate_is_marked_and_the_holders_hear(client, stranger, owner, link, pskov):
    Delegation.objects.create(
        owner_link=link,
        company=pskov,
        account_number="805107",
        contact=stranger.email,
        delegate=stranger,
        right="read",
        ends_on=timezone.localdate() - datetime.timedelta(days=30),
        link_expires_at=timezone.now(),
        accepted_at=timezone.now() - datetime.timedelta(days=60),
        ended_at=timezone.now() - datetime.timedelta(days=30),
    )
    client.post(APPLY, filled())
    application = Application.objects.get()
    assert application.reason == "delegate"
    assert Message.objects.get(kind="delegate_tried_to_link").recipient == owner.email
    shown = text_of(make_operator().get(f"/admin/accounts/applications/{application.pk}/"))
    assert "был доверенным лицом" in shown


def test_five_a_day(client):
    for number in range(5):
        assert client.post(APPLY, filled(account_number=f"10{number}")).status_code == 302
    assert "уже пять заявок" in text_of(client.post(APPLY, filled(account_number="999")))
    assert Application.objects.count() == 5


def test_a_refusal_is_read_in_the_cabinet(client, stranger):
    application = make_application(
        subscriber_id=stranger.pk, state="refused", refusal="Дата <b>не та</b>."
    )
    Application.objects.update(decided_at=timezone.now())
    page = client.get(f"/cabinet/accounts/applications/pskov/{application.pk}/")
    assert "Дата &lt;b&gt;не та" in text_of(page) and "number=805107" in text_of(page)


def test_of_others_it_is_not_there(client, owner, pskov, novgorod):
    theirs = make_application(subscriber_id=owner.pk)
    mine = make_application(subscriber_id=make_subscriber("third@mail.ru").pk, account_number="1")
    for path in (f"pskov/{theirs.pk}", f"novgorod/{theirs.pk}", f"pskov/{mine.pk}", f"x/{mine.pk}"):
        assert client.get(f"/cabinet/accounts/applications/{path}/").status_code == 404
    assert theirs.spoken_number not in client.get("/cabinet/accounts/").content.decode()


def test_without_a_login(guest):
    assert guest.get(APPLY).url.startswith("/cabinet/login/")
    assert guest.post(APPLY, filled()).status_code == 302

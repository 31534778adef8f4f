"""The page that a payer comes back to, opened by himself, by somebody else, early and late."""

import io

import pytest
import zxingcpp
from django.utils import timezone
from limits import RateLimitItemPerHour
from PIL import Image

from cabinet.payments.models import Payment
from cabinet.payments.result.outcome import LONG, LOOKS
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST, logged_in, text_of
from tests.support.payments import make_payment, make_refund

QR = "https://qr.nspk.ru/AS1000670LSS7DN18SJQDNP4B05KLJL2?type=01&bank=100000000111&sum=19439"


def page_of(payment: Payment) -> str:
    return f"/payments/{payment.return_key}/"


@pytest.fixture
def of_owner(owner, link):
    return {"subscriber_id": owner.pk, "link_id": link.pk}


@pytest.fixture(autouse=True)
def asked(monkeypatch) -> list[int]:
    """The payments that the provider is to be asked about."""
    found: list[int] = []
    monkeypatch.setattr(LOOKS, "item", RateLimitItemPerHour(1))
    monkeypatch.setattr(
        "cabinet.payments.result.outcome.enqueue_on_commit",
        lambda _task, pk, **_: found.append(pk),
    )
    return found


def test_the_payer_reads_that_it_is_paid(account, owner_client, of_owner):
    payment = make_payment(account, principal="190.00", penalty="4.39", **of_owner)
    text = text_of(owner_client.get(page_of(payment)))
    assert "Оплачено 194,39 ₽" in text and "805107" in text and "4,39 ₽" in text
    assert "Где мои деньги" in text and "Вернуться в личный кабинет" in text
    assert "site-header--cabinet" in text


def test_what_was_given_back_is_not_said_to_be_taken_off(account, owner_client, of_owner):
    payment = make_payment(account, **of_owner)
    make_refund(payment, "pending")
    text = " ".join(text_of(owner_client.get(page_of(payment))).split())
    assert "Возвращено" not in text and "уже вычтен" in text

    make_refund(payment, principal="100.00")
    text = " ".join(text_of(owner_client.get(page_of(payment))).split())
    assert "Возвращено 100,00 ₽. На лицевой счёт зачислено 94,39 ₽." in text
    assert "вычтено 94,39 ₽: остальное возвращено" in text and "Ошиблись счётом?" in text

    make_refund(payment, principal="94.39")
    text = " ".join(text_of(owner_client.get(page_of(payment))).split())
    assert "Возвращено 194,39 ₽. Из суммы к оплате платёж больше не вычитается." in text
    assert "уже вычтен" not in text and "Ошиблись счётом?" not in text


@pytest.mark.parametrize(
    "state", ["created", "pending", "unknown", "succeeded", "canceled", "failed"]
)
def test_a_stranger_learns_state_and_sum_alone(account, guest, stranger, of_owner, state):
    payment = make_payment(
        account,
        state,
        penalty="4.39",
        email="owner@mail.ru",
        confirmation_url="https://yoomoney.ru/checkout/1",
        confirmation_data=QR,
        **of_owner,
    )
    for client in (guest, logged_in(stranger, PSKOV_HOST)):
        answer = client.get(page_of(payment))
        text = text_of(answer)
        assert "198,78" in text
        for secret in ("805107", "owner@", "Осипова", "Рижский", "194,39", "yoomoney", "qr.png"):
            assert secret not in text, secret
        assert client.get(f"{page_of(payment)}qr.png").status_code == 404
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("state", ["created", "pending", "unknown"])
def test_what_is_not_known_is_not_called_failed(account, owner_client, of_owner, asked, state):
    payment = make_payment(account, state, **of_owner)
    Payment.objects.update(created_at=timezone.now() - LONG * 2)
    text = text_of(owner_client.get(page_of(payment)))
    assert "Деньги не потеряются" in text and "не платите второй раз" in text
    for word in ("не прошёл", "отменён", "Заплатить ещё раз", "Оплачено 194"):
        assert word not in text, word
    assert asked == [payment.pk]


def test_the_provider_is_asked_seldom_and_nothing_is_written(account, guest, asked):
    payment = make_payment(account, "pending", channel="guest")
    before = Payment.objects.values().get()
    for _ in range(5):
        assert guest.get(f"{page_of(payment)}state/").json() == {"state": "pending"}
        guest.get(page_of(payment))
        guest.head(page_of(payment))
    assert asked == [payment.pk] and Payment.objects.values().get() == before
    Payment.objects.update(state="canceled")
    assert guest.get(f"{page_of(payment)}state/").json() == {"state": "canceled"}


def test_back_from_the_bank_leads_there_again(account, owner_client, of_owner):
    url = "https://yoomoney.ru/checkout/1"
    payment = make_payment(account, "pending", confirmation_url=url, **of_owner)
    assert url in text_of(owner_client.get(page_of(payment)))
    Payment.objects.update(state="succeeded", paid_at=timezone.now())
    assert url not in text_of(owner_client.get(page_of(payment)))


def test_a_cancellation_says_why_and_what_to_do(account, owner_client, of_owner):
    payment = make_payment(
        account,
        "canceled",
        cancellation_party="payment_network",
        cancellation_reason="insufficient_funds",
        **of_owner,
    )
    text = text_of(owner_client.get(page_of(payment)))
    assert "Платёж отменён" in text and "не хватило денег" in text and "другой картой" in text
    Payment.objects.update(cancellation_reason="word_of_next_year")
    assert "Платёж отменён." in text_of(owner_client.get(page_of(payment)))


def test_an_unlinked_account_is_not_shown(account, owner_client, of_owner, link):
    payment = make_payment(account, **of_owner)
    link.delete()
    text = text_of(owner_client.get(page_of(payment)))
    assert "Оплачено 194,39 ₽" in text and "805107" not in text


def test_a_guest_has_the_key_alone(account, guest):
    payment = make_payment(account, channel="guest")
    text = text_of(guest.get(page_of(payment)))
    assert "Оплачено 194,39 ₽" in text and "805107" not in text and "…107" in text
    assert "Где мои деньги" in text and "Вернуться на главную страницу" in text


def test_the_qr_code_is_shown_and_saved(account, guest):
    payment = make_payment(
        account, "pending", channel="guest", method="sbp_qr", confirmation_data=QR
    )
    page = guest.get(page_of(payment)).content.decode()
    assert f"{page_of(payment)}qr.png" in page and QR.replace("&", "&amp;") in page
    shown = guest.get(f"{page_of(payment)}qr.png")
    (code,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(shown.content)))
    assert code.text == QR and "Content-Disposition" not in shown.headers
    saved = guest.get(f"{page_of(payment)}qr.png?save=1")
    assert saved.content == shown.content
    assert saved.headers["Content-Disposition"].startswith("attachment")
    Payment.objects.update(confirmation_data="javascript:alert(1)")
    assert "javascript:" not in guest.get(page_of(payment)).content.decode()


def test_wrong_keys_and_other_companies(account, guest, novgorod):
    payment = make_payment(account)
    for path in ("/payments/x/", "/payments/x/state/", "/payments/x/qr.png"):
        assert guest.get(path).status_code == 404
    assert guest.get(page_of(payment), headers={"host": NOVGOROD_HOST}).status_code == 404
    assert guest.post(page_of(payment)).status_code == 405


def test_a_suspended_company_still_says_what_became_of_money(account, guest, pskov):
    payment = make_payment(account, channel="guest")
    pskov.status = "suspended"
    pskov.save()
    assert guest.get("/").status_code == 503
    assert "Оплачено 194,39 ₽" in text_of(guest.get(page_of(payment)))


@pytest.mark.parametrize(
    ("state", "said"),
    [("", "отправит на owner@mail.ru"), ("canceled", "не удалось зарегистрировать")],
)
def test_the_receipt_is_promised_as_long_as_it_can_come(
    account, owner_client, of_owner, shop_set_up, state, said
):
    shop_set_up("pskov", receipts="receipt")
    payment = make_payment(account, email="owner@mail.ru", receipt_state=state, **of_owner)
    text = text_of(owner_client.get(page_of(payment))).replace('<span class="break">', "")
    assert said in text and ("Чек ЮKassa" in text) == (state == "")


def test_what_was_surely_not_sent_is_not_called_paid(account, owner_client, of_owner):
    payment = make_payment(account, "created", sent_at=None, **of_owner)
    text = text_of(owner_client.get(page_of(payment)))
    assert "194,39 ₽ не списаны" in text and "Вернуться к оплате" not in text


def test_an_address_that_nobody_was_given_is_not_found(pskov, client):
    for name in ("", "state/", "qr.png"):
        for key in ("%00", "x" * 43, "%D0%AF"):
            path = f"/payments/{key}/{name}"
            assert client.get(path, headers={"host": PSKOV_HOST}).status_code == 404, path

"""The company's administrator connects the bot; the token goes in and never comes out."""

import pytest

from cabinet.max.models import MaxBot, MaxChat
from portal.audit.models import AuditEntry
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.certificates import certificate_written
from tests.support.factories import BASE_HOST, PASSWORD, PSKOV_HOST, staff_client, text_of
from tests.support.max_api import TOKEN, max_api

BOT = "/admin/max-bot/"


@pytest.fixture
def boss(company_administrator):
    return staff_client(company_administrator)


def chat() -> MaxChat:
    return MaxChat.objects.create(
        subscriber_id="0b0cf8f4-6a4f-4f4e-9c55-2f8f6b8f8d11", user_id=1, name="Елена"
    )


def test_connecting(pskov, boss, api):
    assert BOT in text_of(boss.get("/admin/"))
    page = text_of(boss.post(BOT, {"token": TOKEN}, follow=True))
    assert "Бот «Газ Псков» подключён." in page and "задан" in page
    assert TOKEN not in page and TOKEN not in text_of(boss.get(BOT))
    bot = MaxBot.objects.get()
    assert (bot.token, bot.address) == (TOKEN, "gas_pskov_bot") and bot.connected_at
    (asked,) = api.calls("POST /subscriptions")
    assert asked.content == {
        "url": f"http://{PSKOV_HOST}/webhooks/max/",
        "update_types": ["bot_started", "bot_stopped"],
        "secret": bot.webhook_secret,
    }
    entry = AuditEntry.objects.get(action="max.connect")
    assert TOKEN not in str(entry.details) + entry.subject


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {"code": "verify.token"}), "MAX не знает такого токена"),
        ((503, {}), "MAX не отвечает"),
        ((200, None), "MAX не отвечает"),
    ],
)
def test_a_token_that_max_does_not_take(pskov, boss, api, answer, said):
    api.answers["GET /me"] = answer
    page = text_of(boss.post(BOT, {"token": TOKEN}))
    assert said in page and TOKEN not in page
    assert not MaxBot.objects.exists()


def test_a_webhook_that_max_does_not_take(pskov, boss, api):
    api.answers["POST /subscriptions"] = (400, {"code": "bad.url"})
    page = text_of(boss.post(BOT, {"token": TOKEN}))
    assert "не принял адрес портала" in page and "Бот не подключён" in page
    assert MaxBot.objects.get().connected_at is None
    api.answers["POST /subscriptions"] = (200, {"success": True})
    boss.post(f"{BOT}reconnect/")
    assert MaxBot.objects.get().connected_at


def test_no_transaction_waits_for_max(own_db, settings):
    """The row can be changed by others while MAX thinks."""
    from django.db import connection
    from django_tenants.utils import schema_context

    from cabinet.max.bots import bot_connect
    from tenants.models import GasCompany
    from tests.support.max_api import max_api

    open_ones = []
    company = GasCompany.objects.get(schema_name="pskov")
    with max_api(settings) as api, schema_context("pskov"):
        connection.set_tenant(company)
        staff = staff_create(username="boss", password=PASSWORD, groups=[roles.OPERATORS])
        api.meanwhile = lambda: open_ones.append(connection.in_atomic_block)
        bot_connect(token=TOKEN, actor=staff)
        connection.set_schema_to_public()
    assert open_ones == [False, False]


def test_another_bot_knows_none_of_the_chats(bot, boss, api):
    chat()
    api.answers["GET /me"] = (200, {"first_name": "Другой", "username": "other_bot"})
    boss.post(BOT, {"token": "another-token-1"})
    now = MaxBot.objects.get()
    assert not MaxChat.objects.exists() and now.webhook_secret != bot.webhook_secret
    (removed,) = api.calls("DELETE /subscriptions")
    assert removed.token == TOKEN


def test_a_new_token_of_the_same_bot_keeps_them(bot, boss, api):
    chat()
    boss.post(BOT, {"token": "another-token-1"})
    now = MaxBot.objects.get()
    assert MaxChat.objects.exists() and now.webhook_secret == bot.webhook_secret
    assert now.token == "another-token-1" and now.connected_at


def test_disconnecting(bot, boss, api):
    chat()
    assert "Подключили MAX: 1" in text_of(boss.get(f"{BOT}disconnect/"))
    boss.get(f"{BOT}disconnect/")
    assert MaxChat.objects.exists()
    boss.post(f"{BOT}disconnect/")
    now = MaxBot.objects.get()
    assert now.token is None and now.webhook_secret is None and not MaxChat.objects.exists()
    assert api.calls("DELETE /subscriptions")


def test_who_may_not(bot, api, central_admin):
    operator = staff_client(
        staff_create(username="op", password=PASSWORD, groups=[roles.OPERATORS])
    )
    office = staff_client(central_admin, BASE_HOST)
    for client in (operator, office):
        for path in ("", "reconnect/", "disconnect/"):
            assert client.post(BOT + path, {"token": "another-token-1"}).status_code in (404, 405)
        assert client.get(BOT).status_code == 404
    assert MaxBot.objects.get().token == TOKEN and api.asked == []


def test_its_certificate_is_checked_by_the_file_of_the_settings(
    pskov, boss, settings, tmp_path, monkeypatch
):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    certificate = certificate_written(tmp_path)
    with max_api(settings, certificate) as api:
        boss.post(BOT, {"token": TOKEN})
        assert api.asked == []
        settings.MAX_CA_BUNDLE = str(certificate)
        assert "подключён" in text_of(boss.post(BOT, {"token": TOKEN}, follow=True))

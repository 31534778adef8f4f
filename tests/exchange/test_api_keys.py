"""Who may speak to the exchange."""

import datetime
import re

import pytest
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cabinet.exchange.keys import key_revoke
from cabinet.exchange.models import ExchangeKey
from portal.audit.models import AuditEntry
from portal.connection import connection
from portal.staff.models import StaffUser
from tests.exchange.api import Billing, make_token, make_zip
from tests.support.factories import NOVGOROD_HOST, PSKOV_HOST


@pytest.fixture
def token(pskov) -> str:
    return make_token(pskov)


def status(token: str, path: str = "readings", host: str = PSKOV_HOST) -> int:
    return Billing(token, host).get(path).status_code


def test_a_good_key(token):
    assert status(token) == 200


def test_no_key_and_wrong_ones(guest, token):
    _, public_id, secret = token.split(".")
    wrong = (
        "",
        "x",
        "..",
        f"pskov.{public_id}",
        f"pskov.{public_id}.{secret[:-1]}x",
        "pskov.no.no",
    )
    for one in wrong:
        answer = Billing(one).get("readings")
        assert answer.status_code == 401, one
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
        assert "Нужен действующий ключ" in answer.json()["detail"]
    assert guest.get("/api/exchange/v1/readings").status_code == 401
    basic = {"authorization": f"Basic {token}"}
    assert guest.get("/api/exchange/v1/readings", headers=basic).status_code == 401


def test_a_key_of_one_company_at_the_other(token, novgorod, tmp_path):
    answer = Billing(token, NOVGOROD_HOST).get("readings")
    assert (answer.status_code, answer.json()["error"]) == (403, "another_company")
    assert Billing(token, NOVGOROD_HOST).send(make_zip(tmp_path)).status_code == 403
    forged = token.replace("pskov.", "novgorod.")
    assert status(forged, host=NOVGOROD_HOST) == 401


def test_on_the_base_host_there_is_no_exchange(token):
    assert status(token, host="gas.localhost") == 404


def test_a_key_opens_only_what_its_scopes_name(pskov, tmp_path):
    reader = Billing(make_token(pskov, "readings:read"))
    assert reader.get("readings").status_code == 200
    for kind in ("payments", "appeals", "applications"):
        answer = reader.get(kind)
        assert (answer.status_code, answer.json()["error"]) == (403, "scope")
        assert f"{kind}:read" in answer.json()["detail"]
    assert reader.send(make_zip(tmp_path)).status_code == 403
    assert reader.get("packages/1").status_code == 403
    assert reader.acknowledge(readings=0).status_code == 403
    writer = Billing(make_token(pskov, "packages:write"))
    assert writer.send(make_zip(tmp_path)).status_code == 202
    assert writer.get("readings").status_code == 403


def test_revoked_and_expired(pskov, token):
    actor = StaffUser.objects.get(username="key-maker")
    key_revoke(key_id=ExchangeKey.objects.get().pk, actor=actor)
    assert status(token) == 401
    past = timezone.now() - datetime.timedelta(seconds=1)
    assert status(make_token(pskov, expires_at=past)) == 401
    later = timezone.now() + datetime.timedelta(days=1)
    assert status(make_token(pskov, expires_at=later)) == 200


def test_only_a_hash_is_kept_and_the_log_has_no_secret(token, caplog):
    secret = token.rsplit(".", 1)[1]
    key = ExchangeKey.objects.get()
    assert secret not in repr(vars(key)) and len(secret) >= 43
    entry = AuditEntry.objects.get(action="exchange.key_create")
    assert secret not in repr(vars(entry)) and entry.subject == key.name
    status(token)
    status(token[:-1])
    logged = caplog.text
    assert "exchange key refused" in logged
    assert secret not in logged and secret[:-1] not in logged


def test_last_use_is_noted_once_a_minute(token):
    status(token)
    key = ExchangeKey.objects.get()
    assert key.last_used_address == "127.0.0.1"
    with CaptureQueriesContext(connection) as queries:
        status(token)
    assert not [one for one in queries if "UPDATE" in one["sql"]]
    an_hour_ago = timezone.now() - datetime.timedelta(hours=1)
    ExchangeKey.objects.update(last_used_at=an_hour_ago)
    status(token)
    assert ExchangeKey.objects.get().last_used_at > an_hour_ago


def test_too_many_failures_hold_up_no_good_key(token):
    answers = [Billing("pskov.no.no").get("readings") for _ in range(25)]
    assert [one.status_code for one in answers[:20]] == [401] * 20
    assert answers[-1].status_code == 429 and int(answers[-1].headers["Retry-After"]) <= 60
    assert status(token) == 200


def test_without_valkey_keys_still_work(token, settings):
    settings.CACHES = settings.CACHES | {
        "shared": settings.CACHES["shared"] | {"LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert status(token) == 200
    assert status("pskov.no.no") == 401


def test_the_document_and_the_page_need_no_key(pskov, guest):
    document = guest.get("/api/exchange/v1/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {
        f"/api/exchange/v1/{path}"
        for path in (
            "packages",
            "packages/{package_number}",
            "packages/{package_number}/rejects",
            "readings",
            "payments",
            "appeals",
            "applications",
            "applications/{application_id}",
            "applications/{application_id}/papers/{paper_id}",
            "acknowledgements",
        )
    }
    post = document["paths"]["/api/exchange/v1/packages"]["post"]
    assert "application/zip" in post["requestBody"]["content"]
    assert {"200", "202", "401", "403", "409", "413", "422"} <= set(post["responses"])
    assert "security" in post
    page = guest.get("/api/exchange/v1/").content.decode()
    assert page.count("curl") >= 3
    assert not re.search(r"<(script|style)(?![^>]*src=)[^>]*>", page)

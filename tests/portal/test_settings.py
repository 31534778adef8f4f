"""Production refuses to start with a development convenience; the deployment check is clean."""

import io
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from py_vapid import Vapid

from tests.support.settings import PRODUCTION


def check(**changed: str | None) -> subprocess.CompletedProcess[str]:
    environment = {
        key: value for key, value in {**PRODUCTION, **changed}.items() if value is not None
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env={"PATH": os.environ["PATH"], **environment},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_deployment_check_is_clean():
    done = check()
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_no_proxy_is_said_by_a_nought():
    assert check(TRUSTED_PROXY_COUNT="0").returncode == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", None),
        ("SECRET_KEY", "development-only-secret-key-that-production-refuses-to-start-with"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SALT_KEY", None),
        ("DATABASE_URL", None),
        ("REDIS_URL", None),
        ("DEBUG", "1"),
        ("DEMO", "1"),
        ("BASE_HOST", "gas.localhost"),
        ("EMAIL_HOST", None),
        ("TRUSTED_PROXY_COUNT", None),
        ("TRUSTED_PROXY_COUNT", ""),
        ("TRUSTED_PROXY_COUNT", "-1"),
        ("TRUSTED_PROXY_COUNT", "two"),
        ("SMS_SENDER", "demo"),
        ("SMSAERO_API_KEY", "a key without its e-mail"),
        ("WEBPUSH_PRIVATE_KEY", "no key"),
        ("WEBPUSH_CONTACT", "somebody"),
    ],
)
def test_a_convenience_stops_the_start(name, value):
    done = check(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr


def test_a_key_that_the_command_has_made_is_taken():
    out = io.StringIO()
    call_command("webpush_key", stdout=out)
    key = out.getvalue().strip()
    done = check(WEBPUSH_PRIVATE_KEY=key, WEBPUSH_CONTACT="mailto:it@example.ru")
    assert done.returncode == 0, done.stderr
    assert Vapid.from_raw(key.encode()).private_key.key_size == 256


def test_demo_pages_are_not_in_production():
    code = (
        "import django; django.setup(); from portal.urls import demo; assert not demo.urlpatterns"
    )
    environment = {"PATH": os.environ["PATH"], **PRODUCTION}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR, check=True)


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("gas.localhost", "max-age=9; includeSubDomains; preload"),
        ("pskov.gas.localhost:443", "max-age=9; includeSubDomains; preload"),
        ("PSKOV.gas.localhost.", "max-age=9; includeSubDomains; preload"),
        ("gaz-pskov.ru", "max-age=9"),
        ("evil-gas.localhost", "max-age=9"),
        ("gas.localhost.evil.ru", "max-age=9"),
    ],
)
def test_a_companys_own_domain_speaks_for_itself_alone(pskov, settings, host, expected):
    settings.SECURE_HSTS_SECONDS = 9
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = True
    answer = Client(headers={"host": host}).get("/", secure=True)
    assert answer.headers["Strict-Transport-Security"] == expected

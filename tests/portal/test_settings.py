"""Production refuses to start with a development convenience; the deployment check is clean."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

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
        ("SMS_SENDER", "demo"),
    ],
)
def test_a_convenience_stops_the_start(name, value):
    done = check(**{name: value})
    assert done.returncode != 0
    assert name in done.stderr


def test_demo_pages_are_not_in_production():
    code = (
        "import django; django.setup(); from portal.urls import demo; assert not demo.urlpatterns"
    )
    environment = {"PATH": os.environ["PATH"], **PRODUCTION}
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=settings.BASE_DIR, check=True)

"""Tests: throw-away servers (tests/conftest.py starts them), quick password hashes, no manifest."""

from pathlib import Path

from devtools.embedded import addresses
from portal.settings import webpush
from portal.settings.base import *  # noqa: F403
from portal.settings.base import (
    BASE_DIR,
    INSTALLED_APPS,
    MESSAGE_SENDERS,
    STORAGES,
    caches,
    database,
    env,
)

# Two sessions at once in one folder need two of these.
LOCAL_DIR = Path(env("TEST_LOCAL_DIR", default=str(BASE_DIR / ".local")))
_servers = addresses(LOCAL_DIR, throwaway=True)
# Each parallel worker has a database of counters and folders of its own: tests delete files that no row
# of their database names.
_worker = int(env("PYTEST_XDIST_WORKER", default="gw0").removeprefix("gw"))
_redis_url = _servers.redis_url.replace("db=1", f"db={_worker + 1}")

INSTALLED_APPS = ["devtools", *INSTALLED_APPS]
DEMO = True
SECRET_KEY = "tests-only"  # noqa: S105
SALT_KEY = "tests-only"
PUBLIC_SCHEME = "http"
PUBLIC_PORT = ""
DATABASES = {"default": database(_servers.database_url)}
CACHES = caches(_redis_url)
CELERY_BROKER_URL = _servers.broker_url
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CAPTCHA_PROVIDER = "testing"
MEDIA_ROOT = LOCAL_DIR / f"test-media-{_worker}"
PRIVATE_ROOT = LOCAL_DIR / f"test-private-{_worker}"
EMAIL_HOST = env("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=1025)
MESSAGE_SENDERS = {**MESSAGE_SENDERS, "sms": "demo"}
MAX_API_URL = "http://127.0.0.1:9"
YOOKASSA_API_URL = "https://127.0.0.1:9/v3"
WEBPUSH_PRIVATE_KEY = webpush.development_key(SECRET_KEY)
PAYMENT_TEST_SHOPS = True
DEMO_MAIL_DIR = LOCAL_DIR / f"test-mail-{_worker}"
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True
HOST_CACHE_SECONDS = 0
TASK_BEHIND_CACHE_SECONDS = 0
BELL_HAS_THREAD = False

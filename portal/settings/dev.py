"""Development and the demo. Uses the demo's running servers unless the environment names others."""

from devtools.embedded import find_running
from portal.settings import webpush
from portal.settings.base import *  # noqa: F403
from portal.settings.base import (
    BASE_DIR,
    BASE_HOST,
    INSTALLED_APPS,
    MESSAGE_SENDERS,
    caches,
    database,
    env,
)

_running = find_running(BASE_DIR / ".local")
_database_url = env("DATABASE_URL", default=_running.database_url if _running else "")
_redis_url = env("REDIS_URL", default=_running.redis_url if _running else "")
_broker_url = env("BROKER_URL", default=_running.broker_url if _running else "")

INSTALLED_APPS = ["devtools", *INSTALLED_APPS]

DEBUG = env.bool("DEBUG", default=False)
DEMO = env.bool("DEMO", default=True)
SECRET_KEY = "development-only-secret-key-that-production-refuses-to-start-with"  # noqa: S105
SALT_KEY = "development-only-salt"
PUBLIC_SCHEME = "http"
PUBLIC_PORT = env("PUBLIC_PORT", default="8000")

DATABASES = {"default": database(_database_url or "postgres://portal@127.0.0.1:5432/portal")}
CACHES = caches(_redis_url or "redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = _broker_url or _redis_url or "redis://127.0.0.1:6379/0"
CELERY_BEAT_SCHEDULE_FILENAME = str(BASE_DIR / ".local" / "beat-schedule")

EMAIL_HOST = env("EMAIL_HOST", default="127.0.0.1")
EMAIL_PORT = env.int("EMAIL_PORT", default=1025)
MESSAGE_SENDERS = {**MESSAGE_SENDERS, "sms": "demo"}
# The demo's stand-in, or nothing: never the messenger itself.
MAX_API_URL = env("MAX_API_URL", default="http://127.0.0.1:9")
PAYMENT_TEST_SHOPS = True
WEBPUSH_PRIVATE_KEY = webpush.development_key(SECRET_KEY)
MAX_LINK_URL = f"http://{BASE_HOST}:{PUBLIC_PORT}/demo/max"
DEMO_MAIL_DIR = BASE_DIR / ".local" / "mail"

# The demo's look-alike of YooKassa, or nothing: never the provider itself.
YOOKASSA_API_URL = env("YOOKASSA_API_URL", default="https://127.0.0.1:9/v3")
YOOKASSA_CA_BUNDLE = env("YOOKASSA_CA_BUNDLE", default="")
YOOKASSA_PAGES = env.list("YOOKASSA_PAGES", default=[])
YOOKASSA_NETWORKS = env.list("YOOKASSA_NETWORKS", default=["127.0.0.1/32"])

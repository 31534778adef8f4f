"""Settings that are the same everywhere. The others are in dev, test and production."""

from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from portal.logs import logging_config
from portal.settings import beat, queues, webpush
from portal.settings.captcha import with_captcha_sources
from portal.settings.installed import *  # noqa: F403

BASE_DIR = Path(__file__).resolve().parents[2]
env = environ.Env()

DEBUG = False
DEMO = False

# --- hosts and addresses -----------------------------------------------------------------------
# Any host reaches Django: the tenant middleware answers a plain 404 to those that no company has.
ALLOWED_HOSTS = ["*"]
BASE_HOST = env("BASE_HOST", default="gas.localhost")
PUBLIC_SCHEME = env("PUBLIC_SCHEME", default="https")
PUBLIC_PORT = env("PUBLIC_PORT", default="")
# IP addresses to which DNS has to lead companies' hosts; empty: any that answers as the portal.
PORTAL_ADDRESSES = env.list("PORTAL_ADDRESSES", default=[])
# The portal is at the root of its hosts. Otherwise a header named SCRIPT_NAME would be put before links.
FORCE_SCRIPT_NAME = ""
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

MIDDLEWARE = [
    "portal.http.health.HealthMiddleware",
    "portal.http.addresses.AddressMiddleware",
    "portal.http.headers.OwnDomainMiddleware",
    "portal.http.bodies.ChunkedBodyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "tenants.middleware.TenantMiddleware",
    "portal.logs.RequestLogMiddleware",
    "portal.http.short_way.ShortWayMiddleware",
    "cms_pages.stored.page_cache.PageCacheMiddleware",
    "portal.http.headers.PathCSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.audit.context.AuditMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "portal.staff.middleware.SecondFactorMiddleware",
    "tenants.middleware.ClosedSiteMiddleware",
    "portal.http.bodies.StaffRequestSizeMiddleware",
    "portal.staff.middleware.AdminAddressMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "cabinet.subscribers.middleware.SubscriberMiddleware",
    "cabinet.accounts.middleware.AccountMiddleware",
    "wagtail.contrib.redirects.middleware.RedirectMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "portal.urls.tenant"
PUBLIC_SCHEMA_URLCONF = "portal.urls.public"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "cms_pages.context_processors.company",
                "cms_pages.context_processors.low_vision",
                "cabinet.subscribers.context_processors.subscriber",
            ],
            "libraries": {"formats": "portal.formats.filters"},
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- tenancy -------------------------------------------------------------------------------------
TENANT_MODEL = "tenants.GasCompany"
TENANT_DOMAIN_MODEL = "tenants.Domain"
TENANT_BASE_SCHEMA = "tenant_template"
TENANT_LIMIT_SET_CALLS = True
DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
ORIGINAL_BACKEND = "django.db.backends.postgresql"


def database(url: str) -> dict[str, Any]:
    """Return the one database. With `CONN_HEALTH_CHECKS` a restarted PostgreSQL fails no request."""
    config: dict[str, Any] = environ.Env.db_url_config(url)
    config["ENGINE"] = "tenants.database"
    config["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
    config["CONN_HEALTH_CHECKS"] = True
    config.setdefault("OPTIONS", {})["connect_timeout"] = 5
    return config


def caches(url: str) -> dict[str, Any]:
    """Return the caches: `default` keys by tenant, `shared` counts over all hosts (limits, heartbeats)."""
    redis = {
        "BACKEND": "portal.cache.RedisCache",
        "LOCATION": url,
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
    return {
        "default": {
            **redis,
            "BACKEND": "portal.cache.TolerantRedisCache",
            "KEY_FUNCTION": "django_tenants.cache.make_key",
        },
        "shared": {**redis, "KEY_PREFIX": "shared"},
    }


DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people --------------------------------------------------------------------------------------
AUTH_USER_MODEL = "staff.StaffUser"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "portal.staff.login.backends.StaffBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "wagtailadmin_login"
LOGIN_REDIRECT_URL = "wagtailadmin_home"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "portal.staff.login.limits.lockout_answer"
AXES_CLIENT_IP_CALLABLE = "portal.http.addresses.client_place"
SUBSCRIBER_COOKIE = "subscriber"
REGISTRATION_COOKIE = "registration"
APPLICATION_COOKIE = "application"
BROWSER_COOKIE = "browser"
FORM_RECOVERY_COOKIE = "form_recovery"
VISITOR_COOKIE = "visitor"
# Cookies with which a page is the same for everybody, or made once a version for weak sight.
PAGE_CACHE_NEUTRAL_COOKIES = ["csrftoken", "visitor", "browser", "low_vision"]
LOW_VISION_COOKIE = "low_vision"
ENTRY_COOKIE = "entry"
HANDOFF_COOKIE = "handoff"
MAX_COOKIE = "max"
PUSH_COOKIE = "push"
TEMPORARY_PASSWORD_MINUTES = 60
CONTACT_UNDO_DAYS = (
    3  # how long a changed address or telephone can be changed back by its old owner
)
DATA_COPY_DAYS = 7  # how long a person's own copy of their data lies ready

# --- security ------------------------------------------------------------------------------------
X_FRAME_OPTIONS = "DENY"  # the editors' preview is let in by the policy of /admin/, which wins
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "portal.http.errors.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],  # the cabinet's, which opens it without signal
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}

# Yandex SmartCaptcha where both of its keys are set, ALTCHA of our own elsewhere.
SMARTCAPTCHA_CLIENT_KEY = env("SMARTCAPTCHA_CLIENT_KEY", default="")
SMARTCAPTCHA_SERVER_KEY = env("SMARTCAPTCHA_SERVER_KEY", default="")
SMARTCAPTCHA_URL = "https://smartcaptcha.yandexcloud.net"
CAPTCHA_PROVIDER = "altcha"
if SMARTCAPTCHA_CLIENT_KEY and SMARTCAPTCHA_SERVER_KEY:
    CAPTCHA_PROVIDER = "smartcaptcha"
    CONTENT_SECURITY_POLICY = with_captcha_sources(CONTENT_SECURITY_POLICY, SMARTCAPTCHA_URL)
ALTCHA_CACHE_ALIAS = "shared"  # a solved challenge is used once over all hosts, not once a host

# --- language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "ru"
LANGUAGES = [("ru", "Русский")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Moscow"  # of the base host; a company has its own

# --- files -----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / ".local" / "static"
STATICFILES_DIRS = [BASE_DIR / "portal" / "assets" / "dist"]
MEDIA_URL = "/media/"
MEDIA_ROOT = BASE_DIR / ".local" / "media"
PRIVATE_ROOT = (
    BASE_DIR / ".local" / "private"
)  # never served: archives of companies, copies of data
PG_DUMP = env("PG_DUMP", default="")  # the program, if it is not the one of PATH
STORAGES = {
    "default": {"BACKEND": "tenants.storage.TenantMediaStorage"},
    "private": {"BACKEND": "tenants.storage.TenantPrivateStorage"},  # for portal.uploads
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Anybody else's form has Django's limits: 1000 fields, and 2.5 MB without its files.
STAFF_REQUEST_LIMITS = {
    "DATA_UPLOAD_MAX_NUMBER_FIELDS": 20_000,
    "DATA_UPLOAD_MAX_MEMORY_SIZE": 20 * 1024 * 1024,
}

# --- bills -------------------------------------------------------------------------------------------
BILL_FILES_DAYS = 60  # files that were rendered to be mailed

# --- exchange with billing ---------------------------------------------------------------------------
EXCHANGE_MAX_BYTES = env.int("EXCHANGE_MAX_MEGABYTES", default=1024) * 1024**2
EXCHANGE_WAIT_SECONDS = env.int("EXCHANGE_WAIT_SECONDS", default=60)  # the most of `Prefer: wait`
EXCHANGE_FILES_DAYS = env.int("EXCHANGE_FILES_DAYS", default=30)
EXCHANGE_GIVEN_DAYS = env.int("EXCHANGE_GIVEN_DAYS", default=92)
# What goes on when a company's site is closed, and the ways of its staff to their pages.
SERVED_WHEN_CLOSED = ("/api/exchange/", "/webhooks/", "/payments/")
STAFF_WHEN_CLOSED = ("/admin/", "/staff/invitation/", "/central-entry/")
# What staff of a suspended company still send: to come in, to go, and to read.
SENT_WHEN_SUSPENDED = {
    "wagtailadmin_login",
    "wagtailadmin_logout",
    "staff_password_reset",
    "staff_password_reset_confirm",
    "staff_second_factor_verify",
    "staff_second_factor_enrol",
    "central_entry_leave",
    "operators_find",
    "operators_open",
    "operators_bill_file",
}

# --- appeals -----------------------------------------------------------------------------------------
APPEALS_CLOSE_DAYS = 30  # after an answer; the writer may still write again
APPEALS_WAIT_DAYS = 30  # for the answer to a question back

# --- payments ----------------------------------------------------------------------------------------
YOOKASSA_API_URL = "https://api.yookassa.ru/v3"
# File of the certificates that its TLS is checked by; empty for the usual ones.
YOOKASSA_CA_BUNDLE = ""
# Where its notifications come from.
YOOKASSA_NETWORKS = [
    "185.71.76.0/27",
    "185.71.77.0/27",
    "77.75.153.0/25",
    "77.75.156.11/32",
    "77.75.156.35/32",
    "77.75.154.128/25",
    "2a02:5180::/32",
]
BELL_HAS_THREAD = True  # portal/bell.py
SHORT_WAYS = ("/webhooks/yookassa/",)  # portal/http/short_way.py
PAYMENT_WEBHOOK_DAYS = 14  # notifications that were handled
# Requests and addresses of payments that have ended: a refund takes the receipt's lines from there.
PAYMENT_BODY_DAYS = 370
# A shop without real money may be switched on: in development and tests alone.
PAYMENT_TEST_SHOPS = False
# Where the browser of a payer is sent to.
YOOKASSA_PAGES = ["https://yoomoney.ru", "https://*.yoomoney.ru", "https://*.yookassa.ru"]

# --- Wagtail -----------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Портал абонента"
WAGTAILADMIN_BASE_URL = f"{PUBLIC_SCHEME}://{BASE_HOST}"
# The address of a member of staff is his login: a new one is a new invitation.
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILADMIN_RICH_TEXT_EDITORS = {
    "default": {"WIDGET": "cms_pages.editing.rich_text.CleanRichTextArea"},
}
WAGTAILADMIN_USER_LOGIN_FORM = "portal.staff.forms.StaffLoginForm"
WAGTAIL_FRONTEND_LOGIN_URL = "/admin/login/"
WAGTAIL_DATE_FORMAT = "%d.%m.%Y"
WAGTAIL_DATETIME_FORMAT = "%d.%m.%Y %H:%M"
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_I18N_ENABLED = False
WAGTAILADMIN_PERMITTED_LANGUAGES = [("ru", "Русский")]
WAGTAIL_USER_TIME_ZONES: list[str] = []  # nobody's own: see tenants/admin_time.py
WAGTAILSEARCH_BACKENDS = {
    "default": {
        "BACKEND": "cms_pages.search",
        "SEARCH_CONFIG": "russian",
    }
}

WAGTAIL_ALLOW_UNICODE_SLUGS = True
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp"]  # no SVG: it may hold a script
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 10 * 1024 * 1024  # bytes
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 30_000_000
WAGTAILIMAGES_IMAGE_FORM_BASE = "cms_pages.editing.uploads.SiteImageForm"
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "odt", "ods", "rtf", "txt", "csv"]
WAGTAILDOCS_DOCUMENT_FORM_BASE = "cms_pages.editing.uploads.SiteDocumentForm"
WAGTAILDOCS_SERVE_METHOD = "serve_view"  # asks for permissions; a plain address would not

# --- tasks -------------------------------------------------------------------------------------------
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_QUEUES = queues.QUEUES
CELERY_TASK_ROUTES = queues.TASK_ROUTES
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_PUBLISH_RETRY = False  # the row is the outbox; a lost broker must not hold up a page
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "visibility_timeout": 3600,
}
CELERY_BEAT_SCHEDULER = "portal.celery:HeartbeatScheduler"
CELERY_BEAT_MAX_LOOP_INTERVAL = 5
CELERY_TASK_TENANT_CACHE_SECONDS = 5
# Seconds for which a worker remembers that a company has all migrations.
TASK_BEHIND_CACHE_SECONDS = 300
CELERY_BEAT_SCHEDULE = beat.BEAT_SCHEDULE
TICK_SECONDS = beat.TICK_SECONDS
TICK_EVERYWHERE = beat.TICK_EVERYWHERE
TICK_COMPANY = beat.TICK_COMPANY
TICK_PUBLIC = beat.TICK_PUBLIC
# Celery closes the connection round every task otherwise; portal/celery.py closes a stale one instead.
CELERY_DB_REUSE_MAX = 1_000_000_000

# Days between the proposal to delete a company and the day when a second central admin may confirm it.
DELETION_WAITS_DAYS = 7

# --- mail --------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="no-reply@gas.localhost")
EMAIL_TIMEOUT = 10
MESSAGE_KEEP_DAYS = 90  # who was written to and about what; the text is wiped at once
# Which sender of `portal/messaging/contrib/` serves a channel; a channel without one is not offered.
MESSAGE_SENDERS = {"email": "smtp", "sms": "", "max": "max", "push": "webpush"}
SMSAERO_URL = "https://gate.smsaero.ru/v2"
SMSAERO_EMAIL = SMSAERO_API_KEY = ""
SMSAERO_SIGN = "SMS Aero"  # whom SMS are from, where a company has set nothing
MESSAGE_QUEUES = queues.MESSAGE_QUEUES
MESSAGES_REPEATED = queues.MESSAGES_REPEATED
# By which push services know the portal (`manage.py webpush_key`), and whom they can ask about it.
# Without a key no browser is offered to show notifications.
WEBPUSH_PRIVATE_KEY = ""
WEBPUSH_CONTACT = f"https://{BASE_HOST}"
WEBPUSH_HOSTS = webpush.HOSTS
# File of the certificates that their TLS is checked by; empty for the usual ones.
WEBPUSH_CA_BUNDLE = ""
# The Bot API of MAX, and where its links to bots lead.
MAX_API_URL = "https://platform-api2.max.ru"
MAX_LINK_URL = "https://max.ru"
# File of the certificates that its TLS is checked by; empty for the usual ones. Since July 2026 the API has
# a certificate of the Russian Ministry of Digital Development, which is not among them.
MAX_CA_BUNDLE = ""

LOGGING = logging_config(json=True)
LOGGING_CONFIG = "logging.config.dictConfig"

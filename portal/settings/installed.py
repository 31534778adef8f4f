"""Which apps there are, and in which schemas their tables live (docs/architecture.md)."""

EVERY_SCHEMA_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "portal.staff",
    "portal.audit",
    "portal.messaging",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "cms_pages",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "taggit",
]
PUBLIC_APPS = ["django_tenants", "tenants", "cabinet.subscribers"]
TENANT_ONLY_APPS = [
    "cabinet.outgoing",
    "cabinet.accounts",
    "cabinet.max",
    "cabinet.notifications",
    "cabinet.meters",
    "cabinet.subscriptions",
    "cabinet.billing",
    "cabinet.houses",
    "cabinet.bills",
    "cabinet.statements",
    "cabinet.payments",
    "cabinet.appeals",
    "cabinet.appointments",
    "cabinet.connection",
    "cabinet.exchange",
]
TABLELESS_APPS = [
    "portal",
    "modelcluster",
    "wagtail_modeladmin",
    "portal.captcha",
    "portal.desk",
    "wagtail.contrib.routable_page",
    "wagtail.contrib.typed_table_block",
    "wagtail.contrib.sitemaps",
    "django.contrib.sitemaps",
    "django.contrib.humanize",  # Wagtail says times by it, which are English without it
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
]
SHARED_APPS = [*PUBLIC_APPS, *EVERY_SCHEMA_APPS]
TENANT_APPS = [*EVERY_SCHEMA_APPS, *TENANT_ONLY_APPS]
# Highest first: templates and commands of a higher app override those of a lower one.
INSTALLED_APPS = [
    "portal",
    "cabinet.operators",
    "cabinet.layout",
    *reversed(TENANT_ONLY_APPS),
    "cabinet.subscribers",
    "tenants",
    "django_tenants",
    *EVERY_SCHEMA_APPS,
    *[app for app in TABLELESS_APPS if app != "portal"],
]

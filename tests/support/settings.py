"""Settings of production, as the environment gives them."""

PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "portal.settings.production",
    "SECRET_KEY": "kJ8v-Qe2_xW5tYpL0nRsZ4mBcFhGdUaTiOyEwXqPvNlKjHgRb93",
    "SALT_KEY": "Zx9-cVbNmAsDfGhJkL3q",
    "DATABASE_URL": "postgres://portal@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "BASE_HOST": "gaz.example.ru",
    "TRUSTED_PROXY_COUNT": "1",
    "MEDIA_ROOT": "/srv/media",
    "STATIC_ROOT": "/srv/static",
    "EMAIL_HOST": "smtp.example.ru",
    "DEFAULT_FROM_EMAIL": "no-reply@example.ru",
}

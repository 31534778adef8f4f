"""What a key may do."""

from django.utils.translation import gettext_lazy as _

PACKAGES_WRITE = "packages:write"
READINGS_READ = "readings:read"
PAYMENTS_READ = "payments:read"
APPEALS_READ = "appeals:read"
APPLICATIONS_READ = "applications:read"
ACKNOWLEDGEMENTS_WRITE = "acknowledgements:write"

SCOPES: dict[str, object] = {
    PACKAGES_WRITE: _("передавать пакеты и видеть, что с ними стало"),
    READINGS_READ: _("забирать показания"),
    PAYMENTS_READ: _("забирать платежи"),
    APPEALS_READ: _("забирать обращения"),
    APPLICATIONS_READ: _("забирать заявки на техприсоединение"),
    ACKNOWLEDGEMENTS_WRITE: _("подтверждать, что данные получены"),
}

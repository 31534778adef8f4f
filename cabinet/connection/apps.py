from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ConnectionConfig(AppConfig):
    name = "cabinet.connection"
    verbose_name = _("Технологическое присоединение")

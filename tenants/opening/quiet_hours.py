"""The hours in which a company's messages keep silent, for a new company that is set up like it.

Here, because `portal.messaging` knows no companies. Its sender's names are the company's own.
"""

from functools import partial

from django.utils.translation import gettext_lazy as _

from portal.messaging.models import MessageSettings
from tenants.opening.copying import Part, settings_read, settings_write

QUIET_HOURS = Part(
    code="quiet_hours",
    label=_("тихие часы сообщений"),
    read=partial(settings_read, MessageSettings, ("quiet_from", "quiet_until")),
    write=partial(settings_write, MessageSettings),
    order=50,
)

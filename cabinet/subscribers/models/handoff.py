from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.subscribers.models.link import AccountLink
from cabinet.subscribers.models.session import SubscriberSession
from tenants.models.handoff import HandOffToken


class SubscriberHandOff(HandOffToken):
    """A person on the way to an account of another company. Ends with the session that it came from."""

    session = models.ForeignKey(SubscriberSession, on_delete=models.CASCADE, related_name="+")
    link = models.ForeignKey(AccountLink, on_delete=models.CASCADE, related_name="+")
    host = models.CharField(_("сайт"), max_length=253)

    class Meta:
        db_table = '"public"."subscribers_subscriberhandoff"'
        verbose_name = _("переход между сайтами")
        verbose_name_plural = _("переходы между сайтами")

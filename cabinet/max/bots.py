"""The company's bot: told to MAX and by MAX, outside any transaction."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from cabinet.max import client
from cabinet.max.models import MaxBot, MaxChat, MaxInvitation
from cabinet.max.selectors import company_bot
from portal.audit.services import audit_write
from portal.secrets import new_secret
from portal.staff.models import StaffUser
from tenants.selectors import company_entered


class BotNotConnected(Exception):
    """MAX has not taken the bot; the text says why and what to do."""


def webhook_address() -> str:
    """Return the address to which MAX reports, on the company's primary host."""
    return f"{company_entered().url}{reverse('max:webhook')}"


def bot_connect(*, token: str, actor: StaffUser) -> MaxBot:
    """Ask MAX whose token it is, keep it, and let MAX report to us. Raises BotNotConnected.

    A bot that MAX knows is kept even where it does not take the webhook: `bot_reconnect` tries again.
    """
    try:
        found = client.bot_read(token)
    except (client.MaxFailed, client.MaxUnknown) as error:
        raise BotNotConnected(_why(error)) from error
    bot, old_token = _keep(found, token, actor)
    if old_token not in ("", token):
        _forget_webhook(old_token)
    return _report_to_us(bot)


def bot_reconnect(*, actor: StaffUser) -> MaxBot:
    """Do as `bot_connect` with the token that is kept. Raises BotNotConnected."""
    bot = company_bot()
    if bot is None or not bot.token:
        raise BotNotConnected(_("Сначала укажите токен бота."))
    return bot_connect(token=bot.token, actor=actor)


def bot_disconnect(*, actor: StaffUser) -> None:
    """Forget the bot with all its chats, and ask MAX to report nothing more."""
    with transaction.atomic():
        bot = _locked()
        if bot is None or not bot.token:
            return
        token = bot.token
        bot.token = bot.webhook_secret = bot.connected_at = None
        bot.save()
        _chats_forget()
        audit_write(actor=actor, action="max.disconnect", subject=bot.name)
    _forget_webhook(token)


def _keep(found: client.Bot, token: str, actor: StaffUser) -> tuple[MaxBot, str]:
    """Write the bot down; return it and the token that it had before. Another bot knows none of the chats."""
    with transaction.atomic():
        site = Site.objects.get(is_default_site=True)
        MaxBot.objects.get_or_create(site=site)
        bot = _locked()
        assert bot is not None  # noqa: S101 — made a line above
        old_token = bot.token or ""
        is_other = bot.address != found.address
        if is_other:
            _chats_forget()
        if is_other or not bot.webhook_secret:
            bot.webhook_secret = new_secret()
        bot.token, bot.name, bot.address = token, found.name, found.address
        bot.connected_at = None
        bot.save()
        audit_write(actor=actor, action="max.connect", subject=bot.name)
    return bot, old_token


def _report_to_us(bot: MaxBot) -> MaxBot:
    """Register the webhook, and offer MAX to people from then on."""
    try:
        client.webhook_set(bot.token or "", url=webhook_address(), secret=bot.webhook_secret or "")
    except (client.MaxFailed, client.MaxUnknown) as error:
        said = _("MAX узнал бота «%(name)s», но не принял адрес портала: %(why)s")
        raise BotNotConnected(said % {"name": bot.name, "why": _why(error)}) from error
    with transaction.atomic():
        now = _locked()
        # Unless somebody has changed the bot meanwhile.
        if now is not None and (now.token, now.webhook_secret) == (bot.token, bot.webhook_secret):
            now.connected_at = timezone.now()
            now.save(update_fields=["connected_at"])
            bot = now
    return bot


def _forget_webhook(token: str) -> None:
    """Ask MAX to report nothing to us for this token. What it reports all the same has a wrong secret."""
    try:
        client.webhook_remove(token, url=webhook_address())
    except (client.MaxFailed, client.MaxUnknown):
        return


def _locked() -> MaxBot | None:
    bots = MaxBot.objects.select_for_update()
    bot: MaxBot | None = bots.filter(site__is_default_site=True).first()
    return bot


def _chats_forget() -> None:
    MaxChat.objects.all().delete()
    MaxInvitation.objects.all().delete()


def _why(error: client.MaxFailed | client.MaxUnknown) -> str:
    if isinstance(error, client.MaxTokenWrong):
        return _(
            "MAX не знает такого токена. Скопируйте его ещё раз из кабинета MAX для партнёров."
        )
    if isinstance(error, client.MaxRefused):
        return _("MAX отклонил запрос (%s). Проверьте, что бот прошёл модерацию.") % error.reason
    return _("MAX не отвечает (%s). Попробуйте через несколько минут.") % error.reason

"""What is known of the company's bot and its chats, in the schema that is entered."""

from cabinet.max.models import MaxBot


def company_bot() -> MaxBot | None:
    """Return the company's bot, connected or not; None where it has never had one."""
    return MaxBot.objects.filter(site__is_default_site=True).first()


def bot_token() -> str:
    """Return the token by which the company writes in MAX, or an empty string."""
    bot = company_bot()
    return (bot.token or "") if bot else ""


def max_is_offered() -> bool:
    """Tell whether people can get this company's messages in MAX."""
    return bot_offered() is not None


def bot_offered() -> MaxBot | None:
    """Return the company's bot if MAX tells us of those who open it."""
    bot = company_bot()
    return bot if bot and bot.token and bot.connected_at else None

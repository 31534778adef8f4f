"""What is known of the company's bot and its chats, in the schema that is entered."""

import uuid
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from cabinet.max.models import MaxBot, MaxChat, MaxInvitation
from cabinet.subscribers.models import Subscriber
from portal.connection import current_schema
from portal.secrets import secret_hash
from tenants.models import GasCompany
from tenants.schemas import in_company
from tenants.selectors import company_can_serve, current_company


def company_bot() -> MaxBot | None:
    """Return the company's bot, connected or not; None where it has never had one."""
    bot: MaxBot | None = MaxBot.objects.filter(site__is_default_site=True).first()
    return bot


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


@dataclass(frozen=True)
class MaxState:
    """A person's MAX at the company that is entered; `is_offered`: there is a bot to link it with."""

    is_offered: bool
    chat: MaxChat | None

    @property
    def is_shown(self) -> bool:
        return self.is_offered or self.chat is not None


def max_state(subscriber_id: uuid.UUID) -> MaxState:
    """Return what the tab «Подписки» says of MAX."""
    return MaxState(max_is_offered(), chat_of(subscriber_id))


def chat_of(subscriber_id: uuid.UUID) -> MaxChat | None:
    return MaxChat.objects.filter(subscriber_id=subscriber_id).first()


def invitation_of(subscriber_id: uuid.UUID) -> MaxInvitation | None:
    """Return the person's link to the bot that can still be opened or confirmed."""
    mine = MaxInvitation.objects.filter(subscriber_id=subscriber_id)
    return mine.filter(expires_at__gt=timezone.now()).order_by("-created_at").first()


def invitation_has(invitation: MaxInvitation, secret: str) -> bool:
    """Tell whether this is the secret of the invitation's link."""
    hashed = secret_hash(secret, schema=current_schema())
    return constant_time_compare(invitation.secret_hash, hashed)


def deep_link(bot: MaxBot, secret: str) -> str:
    """Return the address that opens the bot in MAX and gives it the secret."""
    return f"{settings.MAX_LINK_URL}/{quote(bot.address)}?{urlencode({'start': secret})}"


def companies_elsewhere(subscriber: Subscriber) -> list[GasCompany]:
    """Return the other companies of the person's accounts that have a bot; each is asked in its schema."""
    here = current_company()
    links = subscriber.account_links.in_force().select_related("company")
    others = {one.company for one in links.prefetch_related("company__domains")} - {here}
    found = []
    for company in sorted(others, key=lambda one: one.name):
        if company_can_serve(company):
            with in_company(company):
                if max_is_offered():
                    found.append(company)
    return found

"""When all but letters keeps silent, and how many SMS and the like a person gets in a day."""

import datetime
from contextlib import suppress

from django.utils import timezone
from limits import RateLimitItemPerDay

from portal.limits import CountersDown, RateLimit
from portal.messaging.models import Message, MessageSettings
from portal.secrets import keyed_hash

Channel = Message.Channel

# A person's over all companies, or a number's where nobody's cabinet is written to. On the day of bills each
# account makes one for each telephone: five accounts with three telephones have to fit.
DAY_LIMITS = {
    Channel.SMS: RateLimit("sms_a_day", RateLimitItemPerDay(15)),
    Channel.MAX: RateLimit("max_a_day", RateLimitItemPerDay(20)),
    Channel.PUSH: RateLimit("push_a_day", RateLimitItemPerDay(100)),
}


def message_settings() -> MessageSettings:
    """Return the settings of the company that is entered; what it has not set is standard. One query."""
    own = MessageSettings.objects.filter(site__is_default_site=True)
    return own.first() or MessageSettings()


def quiet_until(now: datetime.datetime) -> datetime.datetime | None:
    """Return when SMS and the like may be written again, or None if they may now.

    The hours are of the time zone in force, which is the company's.
    """
    company = message_settings()
    begins, ends = company.quiet_from, company.quiet_until
    local = timezone.localtime(now)
    over_midnight = begins > ends
    after, before = local.hour >= begins, local.hour < ends
    is_quiet = (after or before) if over_midnight else (after and before)
    if not is_quiet:
        return None
    end = local.replace(hour=ends, minute=0, second=0, microsecond=0)
    return end if end > local else end + datetime.timedelta(days=1)


def day_spend(message: Message) -> bool:
    """Count a message that is about to go out; return whether the day's limit lets it.

    Codes and e-mails have no limit. Without Valkey all goes out.
    """
    limit = DAY_LIMITS.get(Channel(message.channel))
    if limit is None or message.is_secret:
        return True
    return limit.try_spend(_whom(message), when_down=True)


def day_refund(message: Message) -> None:
    """Take back the count of a message that did not go out."""
    limit = DAY_LIMITS.get(Channel(message.channel))
    if limit and not message.is_secret:
        with suppress(CountersDown):
            limit.refund(_whom(message))


def _whom(message: Message) -> str:
    return str(message.person or keyed_hash(message.recipient, purpose="messages a day"))

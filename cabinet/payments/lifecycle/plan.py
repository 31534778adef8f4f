"""When a payment is asked about, and until when what is allowed. All of it counts from `sent_at`."""

import datetime

from cabinet.payments.models import Payment

_MINUTE = datetime.timedelta(minutes=1)
_HOUR = datetime.timedelta(hours=1)
_DAY = datetime.timedelta(days=1)

# What the provider was not reached with is tried so long, then the payer has gone.
SEND_FOR = 30 * _MINUTE
# The provider remembers a key for a day, and takes it for a new one then.
REPEAT_FOR = 20 * _HOUR
# By then whatever the last repetition has made stands in the provider's list.
LOST_AFTER = 25 * _HOUR
# Clocks differ.
CLOCKS = _HOUR
# A receipt that is not registered by then is a matter for cashiers.
RECEIPT_FOR = 7 * _DAY

# Up to this age, this pause. The order of a utility payment may be with GIS ZhKH for days.
_PAUSES = (
    (10 * _MINUTE, _MINUTE),
    (2 * _HOUR, 5 * _MINUTE),
    (_DAY, 30 * _MINUTE),
    (7 * _DAY, 2 * _HOUR),
)
_AT_LAST = 6 * _HOUR


def next_poll(payment: Payment, now: datetime.datetime) -> datetime.datetime:
    """Return when the poller asks about the payment after `now`: soon at first, then ever more seldom."""
    age = now - (payment.sent_at or payment.created_at)
    return now + next((pause for until, pause in _PAUSES if age < until), _AT_LAST)

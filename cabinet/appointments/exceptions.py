"""What appointments refuse."""


class WindowTaken(Exception):
    """The window is no longer free, or there is no such window any more: offer the next ones."""


class TooManyBookings(Exception):
    """The contact has as many appointments to come as one may have."""


class BookingClosed(Exception):
    """Nobody may book this: a day in the past or too far ahead, a service or centre that is withdrawn."""


class AppointmentOver(Exception):
    """The appointment is in a state in which this cannot be done: cancelled, or its time has come."""


class LinkDead(Exception):
    """The link has been used: a move has sent a new one, a cancellation none."""


class CodeNotSent(Exception):
    """No code can be sent now: the limit is reached."""


class CodeTooSoon(CodeNotSent):
    """The last code went out less than a minute ago."""


class NoWayForCode(CodeNotSent):
    """There is neither an address, nor SMS for the telephone."""

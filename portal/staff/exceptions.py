class StaffRuleBroken(Exception):
    """What the rules of staff forbid; the text says why, in Russian."""


class InvitationExpired(Exception):
    """The link is unknown here, used, too old, or its sender may no longer invite."""


class WrongCode(Exception):
    """The code is not the one of now, or used already."""


class TooManyCodes(Exception):
    """Wrong codes in a row: each makes the next wait twice as long."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds

"""What appeals refuse."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cabinet.appeals.models import Appeal, AppealMessage


class AppealChanged(Exception):
    """The appeal is no longer as the operator saw it: `news` is what has come since, oldest first."""

    def __init__(self, appeal: "Appeal", news: Sequence["AppealMessage"] = ()) -> None:
        self.appeal, self.news = appeal, list(news)
        super().__init__(f"{appeal.pk}: {appeal.state}")


class AppealOver(Exception):
    """The appeal is in a state in which this cannot be done: withdrawn, or answered already."""

"""What applications for connection refuse."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cabinet.connection.models import ConnectionApplication


class ConnectionChanged(Exception):
    """The application is in a state in which this cannot be done: `application` is as it is now."""

    def __init__(self, application: "ConnectionApplication") -> None:
        self.application = application
        super().__init__(f"{application.pk}: {application.state}")


class ApplicationIncomplete(Exception):
    """Papers are missing: their names, as the checklist has them."""

    def __init__(self, missing: Sequence[str]) -> None:
        self.missing = list(missing)
        super().__init__(len(self.missing))


class ConnectionOff(Exception):
    """The company takes no applications now."""

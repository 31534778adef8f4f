"""Who may open the desk of applications for connection, and where it is."""

from django.http import HttpRequest

from cabinet.connection.set_up.selectors import company_connects
from portal.desk.menu import CountedMenuItem
from portal.staff.models import StaffUser

SERVE = "connection.serve_connection"

ICON = "link"


def may_serve(user: StaffUser) -> bool:
    """Tell whether somebody serves applications here: a fund of capital repair has none."""
    return bool(user.has_perm(SERVE)) and company_connects()


class ConnectionMenuItem(CountedMenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return super().is_shown(request) and company_connects()

"""Who came in, who could not, and whose sessions are open now."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.audit.actions import action_title
from portal.audit.models import AuditEntry
from portal.desk.access import DeskRequest, desk_view
from portal.desk.lists import Column, DeskList, Filter
from portal.desk.pages import desk_page
from portal.staff.login.sessions import StaffSession, sessions_open
from portal.staff.selectors import StaffRow, may_manage, staff_listed

_CAME = ("login", "company.entered")
_FAILED = ("login.failed", "second_factor.failed")
_ENDED = ("logout", "company.left")
_SHOWN = (*_CAME, *_FAILED, *_ENDED, "second_factor.verify", "second_factor.recovery")


def _narrow(rows: "QuerySet[AuditEntry]", value: str) -> "QuerySet[AuditEntry]":
    return rows.filter(action__in=_CAME if value == "came" else _FAILED)


@desk_view(may_manage, hidden=False)
def logins(request: DeskRequest) -> HttpResponse:
    """Show open sessions, and below them the entries of the log about logins, newest first."""
    found = DeskList(
        request,
        AuditEntry.objects.filter(action__in=_SHOWN),
        columns=[
            Column(label=_("Когда")),
            Column(label=_("Кто")),
            Column(label=_("Что произошло")),
            Column(label=_("Откуда")),
        ],
        filters=[
            Filter(
                name="what",
                label=gettext_lazy("что показать"),
                choices=[
                    ("came", gettext_lazy("только входы")),
                    ("failed", gettext_lazy("только неудачные попытки")),
                ],
                narrow=_narrow,
            )
        ],
        search=("actor_name__icontains", "subject__icontains", "address__icontains"),
    )
    for entry in found.page:
        entry.said = action_title(entry.action, by_somebody=bool(entry.actor_name))
    context = {"list": found, "is_cards": True, "people": _open_now(request)}
    return desk_page(
        request, "staff/logins.html", context, title=_("Входы сотрудников"), icon="history"
    )


def _open_now(request: DeskRequest) -> list[tuple[StaffRow, list[StaffSession], bool]]:
    """Return who is let in now with each one's sessions, the last seen first; True marks the viewer."""
    rows = {row.person.pk: row for row in staff_listed(viewer=request.user) if row.sessions}
    return [
        (rows[pk], sessions, pk == request.user.pk)
        for pk, sessions in sessions_open().items()
        if pk in rows and not rows[pk].person.central_is_over
    ]

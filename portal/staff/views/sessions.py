"""Sessions: one's own, and the end of a colleague's."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from portal.desk.access import DeskRequest, desk_view
from portal.desk.pages import desk_page
from portal.desk.questions import desk_ask
from portal.staff.exceptions import StaffRuleBroken
from portal.staff.login import sessions
from portal.staff.models import StaffUser
from portal.staff.selectors import may_change, may_manage
from portal.staff.services import staff_end_sessions


def own(request: DeskRequest) -> HttpResponse:
    """List one's own sessions."""
    own_key = request.session.session_key
    found = sessions.sessions_of(request.user)
    rows = [(one, one.key == own_key) for one in found]
    return desk_page(
        request,
        "staff/sessions.html",
        {"rows": rows, "has_others": len(found) > 1},
        title="Мои сеансы",
        icon="key",
    )


def end(request: DeskRequest, mark: str) -> HttpResponse:
    return desk_ask(
        request,
        lambda _data: sessions.session_end(user=request.user, mark=mark),
        title="Завершить сеанс",
        about="",
        says=["В том браузере придётся войти снова. Несохранённое там пропадёт."],
        danger="Завершить",
        done="Сеанс завершён.",
        back=reverse("staff_sessions"),
    )


def end_others(request: DeskRequest) -> HttpResponse:
    return desk_ask(
        request,
        lambda _data: sessions.sessions_end_others(request=request, user=request.user),
        title="Выйти на\u00a0остальных устройствах",
        about="",
        says=["Во всех браузерах, кроме этого, придётся войти снова. Несохранённое там пропадёт."],
        danger="Завершить",
        done="Остальные сеансы завершены.",
        back=reverse("staff_sessions"),
    )


@desk_view(may_manage)
def end_colleagues(request: DeskRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(StaffUser, pk=pk)
    refusal = "" if may_change(request.user, person) else "На это у вас нет прав."
    return desk_ask(
        request,
        lambda _data: staff_end_sessions(actor=request.user, user=person),
        title="Завершить сеансы сотрудника",
        about=person.shown_name,
        says=[
            "Во всех браузерах сотруднику придётся войти снова. Несохранённое там пропадёт.",
            "Войти снова он сможет. Если не должен — отключите его.",
        ],
        danger="Завершить все",
        done="Сеансы завершены.",
        back=reverse("staff_list"),
        refused=StaffRuleBroken,
        refusal=refusal,
    )

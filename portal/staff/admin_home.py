from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.connection import current_schema
from portal.staff.admin_home_items import Action, Task
from portal.staff.models import CENTRAL_PREFIX, StaffUser
from portal.staff.rules import may_manage
from portal.staff.second_factor import second_factor_of

if TYPE_CHECKING:
    from portal.staff.views.staff import StaffRequest


def staff_home_items(request: "StaffRequest") -> Iterator[Action | Task]:
    """Colleagues for whoever may invite them, the second factor for everybody else."""
    if may_manage(request.user):
        yield Action(title=_("Пригласить сотрудника"), url=reverse("staff_invite"), icon="group")
        if current_schema() != "public":
            people = StaffUser.objects.exclude(username__startswith=CENTRAL_PREFIX)
            yield Task(
                title=_("Пригласите коллег"),
                hint=_("Редактор пишет новости, модератор проверяет и публикует."),
                url=reverse("staff_invite"),
                done=people.count() > 1,
            )
    elif not request.user.username.startswith(CENTRAL_PREFIX):
        yield Task(
            title=_("Защитите вход вторым фактором"),
            hint=_("С ним чужой человек не войдёт, даже если узнает ваш пароль."),
            url=reverse("staff_second_factor"),
            done=second_factor_of(request.user) is not None,
        )

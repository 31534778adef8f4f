from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.connection import current_schema
from portal.desk.access import DeskRequest
from portal.staff.admin_home_items import Action, Task
from portal.staff.models import CENTRAL_PREFIX, StaffUser
from portal.staff.rules import may_manage
from portal.staff.second_factor import second_factor_of


def staff_home_items(request: DeskRequest) -> Iterator[Action | Task]:
    """Offer managers to invite colleagues, and other staff to set up a second factor."""
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

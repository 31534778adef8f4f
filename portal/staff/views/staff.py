"""Staff of a company, or of the central office, in the admin of their host."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from portal.connection import current_schema
from portal.desk.access import DeskRequest, company_only, desk_view
from portal.desk.pages import desk_act, desk_page
from portal.desk.questions import desk_ask
from portal.staff import invitations, services
from portal.staff.exceptions import StaffRuleBroken
from portal.staff.forms import InviteForm, RolesForm, SecondFactorRolesForm
from portal.staff.models import StaffInvitation, StaffUser
from portal.staff.roles import ROLES, role_titles
from portal.staff.selectors import (
    grantable_roles,
    may_manage,
    role_names,
    second_factor_roles,
    staff_listed,
)

for_managers = desk_view(may_manage)


@for_managers
def staff_list(request: DeskRequest) -> HttpResponse:
    invited = StaffInvitation.objects.filter(expires_at__gt=timezone.now())
    context = {
        "people": staff_listed(viewer=request.user),
        "invitations": [
            (one, role_titles([group.name for group in one.groups.all()]))
            for one in invited.prefetch_related("groups")
        ],
        "is_company": current_schema() != "public",
    }
    return render(request, "staff/list.html", context)


@for_managers
def invite(request: DeskRequest) -> HttpResponse:
    form = InviteForm(request.POST or None, grantable=grantable_roles(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            invitation = invitations.invitation_send(
                invited_by=request.user,
                email=form.cleaned_data["email"],
                roles=form.cleaned_data.get("roles", []),
                company_name=getattr(request.tenant, "name", settings.WAGTAIL_SITE_NAME),  # type: ignore[attr-defined]
                link_address=lambda secret: request.build_absolute_uri(
                    reverse("staff_invitation", args=[secret])
                ),
            )
        except StaffRuleBroken as error:
            form.add_error("email", str(error))
        else:
            messages.success(request, f"Приглашение отправлено на {invitation.email}.")
            return redirect("staff_list")
    return render(request, "staff/invite.html", {"form": form})


@for_managers
def roles(request: DeskRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(StaffUser, pk=pk)
    grantable = grantable_roles(request.user)
    if not grantable or person.central_actor:
        raise Http404
    initial = {"roles": role_names(person)}
    form = RolesForm(request.POST or None, grantable=grantable, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["roles"]
        return _act(
            request, lambda: services.staff_set_roles(actor=request.user, user=person, roles=chosen)
        )
    return render(request, "staff/roles.html", {"form": form, "person": person})


@for_managers
def active(request: DeskRequest, pk: int) -> HttpResponse:
    """Ask, and shut a person out; letting in again needs no question."""
    person = get_object_or_404(StaffUser, pk=pk)
    back = reverse("staff_list")

    def change(wanted: bool) -> None:
        services.staff_set_active(actor=request.user, user=person, active=wanted)

    if request.POST.get("active") == "yes":
        return desk_act(
            request,
            lambda: change(True),
            done="Сотрудник снова может войти.",
            refused=StaffRuleBroken,
            back=back,
        )
    is_stay = bool(person.central_actor)
    return desk_ask(
        request,
        lambda _data: change(False),
        title="Завершить вход из центрального офиса" if is_stay else "Отключить сотрудника",
        about=person.shown_name,
        says=[
            "Все сеансы закончатся сразу и навсегда. Несохранённое в них пропадёт.",
            "Войти снова сотрудник центрального офиса сможет со своего сайта."
            if is_stay
            else "Войти снова сотрудник не сможет, пока вы его не включите. Сделанное им останется.",
        ],
        danger="Завершить вход" if is_stay else "Отключить",
        done="Вход завершён." if is_stay else "Сотрудник отключён, его сеансы завершены.",
        back=back,
        refused=StaffRuleBroken,
    )


@for_managers
def reset_second_factor(request: DeskRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(StaffUser, pk=pk)
    return desk_ask(
        request,
        lambda _data: services.staff_reset_second_factor(actor=request.user, user=person),
        title="Сбросить второй фактор",
        about=person.shown_name,
        says=[
            "Коды из приложения и резервные коды перестанут подходить.",
            "Сбрасывайте, только если сотрудник сам об этом попросил: до настройки нового фактора "
            "для входа хватит пароля.",
        ],
        danger="Сбросить",
        done="Второй фактор сброшен.",
        back=reverse("staff_list"),
        refused=StaffRuleBroken,
    )


@for_managers
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(StaffInvitation, pk=pk)
    return desk_ask(
        request,
        lambda _data: invitations.invitation_withdraw(actor=request.user, invitation=invitation),
        title="Отозвать приглашение",
        about=invitation.email,
        says=["Ссылка из письма перестанет работать. Пригласить человека можно будет снова."],
        danger="Отозвать",
        done="Приглашение отозвано.",
        back=reverse("staff_list"),
        refused=StaffRuleBroken,
    )


@company_only
@for_managers
def second_factor_rules(request: DeskRequest) -> HttpResponse:
    """Choose which roles of the company need a second factor."""
    initial = {"roles": second_factor_roles()}
    form = SecondFactorRolesForm(
        request.POST if request.method == "POST" else None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["roles"]
        return _act(
            request, lambda: services.second_factor_rules_set(actor=request.user, roles=chosen)
        )
    always = [str(role.title) for role in ROLES.values() if role.needs_second_factor]
    context = {"form": form, "always": always}
    return desk_page(
        request,
        "staff/second_factor_rules.html",
        context,
        title="Второй фактор по ролям",
        icon="lock",
    )


def _act(request: DeskRequest, change: Callable[[], None]) -> HttpResponse:
    """Make a change, whose service writes the audit row, and go back to the list."""
    back = reverse("staff_list")
    return desk_act(request, change, done="Сохранено.", refused=StaffRuleBroken, back=back)

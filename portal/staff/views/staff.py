"""Staff of a company, or of the central office, in the admin of their host."""

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from portal.desk.access import DeskRequest, desk_action, desk_view
from portal.desk.pages import desk_act
from portal.staff import invitations, services
from portal.staff.exceptions import StaffRuleBroken
from portal.staff.forms import InviteForm, RolesForm
from portal.staff.models import StaffInvitation, StaffUser
from portal.staff.selectors import grantable_roles, may_manage, staff_listed

for_managers = desk_view(may_manage)
by_managers = desk_action(may_manage)


@for_managers
def staff_list(request: DeskRequest) -> HttpResponse:
    context = {
        "people": staff_listed(viewer=request.user),
        "invitations": StaffInvitation.objects.filter(
            expires_at__gt=timezone.now()
        ).prefetch_related("groups"),
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
    initial = {"roles": list(person.groups.values_list("name", flat=True))}
    form = RolesForm(request.POST or None, grantable=grantable, initial=initial)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["roles"]
        return _act(
            request, lambda: services.staff_set_roles(actor=request.user, user=person, roles=chosen)
        )
    return render(request, "staff/roles.html", {"form": form, "person": person})


@by_managers
def active(request: DeskRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(StaffUser, pk=pk)
    wanted = request.POST.get("active") == "yes"
    return _act(
        request, lambda: services.staff_set_active(actor=request.user, user=person, active=wanted)
    )


@by_managers
def reset_second_factor(request: DeskRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(StaffUser, pk=pk)
    return _act(
        request, lambda: services.staff_reset_second_factor(actor=request.user, user=person)
    )


@by_managers
def withdraw(request: DeskRequest, pk: int) -> HttpResponse:
    invitation = get_object_or_404(StaffInvitation, pk=pk)
    return _act(
        request,
        lambda: invitations.invitation_withdraw(actor=request.user, invitation=invitation),
    )


def _act(request: DeskRequest, change: Callable[[], None]) -> HttpResponse:
    """Make a change, whose service writes the audit row, and go back to the list."""
    back = reverse("staff_list")
    return desk_act(request, change, done="Сделано.", refused=StaffRuleBroken, back=back)

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from portal.staff.exceptions import InvitationExpired
from portal.staff.forms import AcceptForm
from portal.staff.invitations import invitation_accept, invitation_find


@never_cache
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Ask the invited person's name and password. GET uses nothing up: mail scanners open links."""
    try:
        found = invitation_find(secret=secret)
        form = AcceptForm(request.POST or None, email=found.email)
        if request.method == "POST" and form.is_valid():
            user = invitation_accept(secret=secret, **form.cleaned_data)
            messages.success(request, f"Готово. Войдите: логин {user.username} и ваш пароль.")
            return redirect("wagtailadmin_login")
    except InvitationExpired:
        return render(request, "staff/invitation.html", {"expired": True}, status=410)
    return render(request, "staff/invitation.html", {"form": form, "email": found.email})

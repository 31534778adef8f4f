"""Wagtail's pages «Забыли пароль?», with limits, by a task, with the address of the company itself."""

from typing import Any

from django.conf import settings
from django.contrib.auth.forms import PasswordResetForm
from django.http import HttpResponse, HttpResponseRedirect
from wagtail.admin.views import account

from portal.staff.login import limits
from portal.staff.login.backends import STAFF_BACKEND
from portal.staff.login.passwords import password_reset_ask, schema_token_generator
from portal.staff.models import StaffUser


class PasswordResetView(account.PasswordResetView):
    def form_valid(self, form: PasswordResetForm) -> HttpResponse:
        """Answer the same, and with the same work, whether somebody has the address or not."""
        email = form.cleaned_data["email"]
        if not limits.reset_allowed(self.request, email):
            form.add_error(
                "email",
                "Слишком много запросов. Если сотрудник с этим адресом есть, письмо уже у него: проверьте "
                "папку «Спам». Ещё одно можно попросить через час.",
            )
            refused: HttpResponse = self.form_invalid(form)
            return refused
        password_reset_ask(
            email=email,
            company_name=getattr(self.request.tenant, "name", settings.WAGTAIL_SITE_NAME),
            address=self.request.build_absolute_uri("/").rstrip("/"),
        )
        return HttpResponseRedirect(self.get_success_url())


class PasswordResetConfirmView(account.PasswordResetConfirmView):
    """Logs its visitor in as well: the way in for whom others have used up the tries of the password."""

    token_generator = schema_token_generator
    post_reset_login = True
    post_reset_login_backend = STAFF_BACKEND

    def get_user(self, uidb64: str) -> StaffUser | None:
        """Return the person of the link; nobody who is shut out, and no central admin in a company."""
        user = super().get_user(uidb64)
        if not isinstance(user, StaffUser) or not user.is_active or user.central_actor:
            return None
        return user

    def form_valid(self, form: Any) -> HttpResponse:
        limits.login_succeeded(self.user.get_username())
        response: HttpResponse = super().form_valid(form)
        return response

"""New passwords of staff: the letter of «Забыли пароль?», and the letter about a change."""

from typing import Any

from django.contrib.auth.forms import PasswordResetForm
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from portal.audit.context import in_request
from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.jobs import job_enqueue, job_run, jobs_sweep
from portal.messaging.services import message_send
from portal.staff.models import PasswordReset, StaffUser


class SchemaTokenGenerator(PasswordResetTokenGenerator):
    """Password-reset tokens of one schema; the plain ones hold where ids and hashes are equal."""

    def _make_hash_value(self, user: StaffUser, timestamp: int) -> str:
        return f"{current_schema()}:{super()._make_hash_value(user, timestamp)}"


schema_token_generator = SchemaTokenGenerator()


@transaction.atomic
def password_reset_ask(*, email: str, company_name: str, address: str) -> None:
    """Have a worker send a link to whoever has the address; the same work if nobody has.

    `address` is the company's own: scheme, host and port.
    """
    job_enqueue(
        PasswordReset.objects.create(email=email, company_name=company_name, address=address)
    )


def password_reset_send(*, reset_id: int) -> bool:
    """Send the letters of a request, once."""
    return job_run(PasswordReset.objects.all(), reset_id, _send, in_transaction=True)


def password_resets_sweep() -> int:
    """Enqueue the requests whose task was lost."""
    return jobs_sweep(PasswordReset.objects.all())


def password_changed(user: StaffUser) -> None:
    """Log a change of a password and tell its owner, in the transaction of the change."""
    audit_write(actor=user if in_request() else None, action="staff.password", subject=user)
    if user.email:
        message_send(
            kind="staff_password_changed",
            recipient=user.email,
            context={"username": user.username},
        )


@receiver(post_save, sender=StaffUser)
def staff_saved(instance: StaffUser, created: bool, raw: bool, **_: Any) -> None:
    """Log a central admin who was made by a command, and a password that was changed by whatever path.

    Django keeps the raw password of `set_password` until the row is saved.
    """
    if raw:
        return
    if created and instance.is_superuser and not in_request():
        audit_write(actor=None, action="staff.create", subject=instance)
    elif not created and getattr(instance, "_password", None) is not None:
        password_changed(instance)


def _send(reset: PasswordReset) -> None:
    """Write the letters; Django chooses active people with a password, as its own form does."""
    for user in PasswordResetForm().get_users(reset.email):
        path = reverse(
            "wagtailadmin_password_reset_confirm",
            args=[
                urlsafe_base64_encode(force_bytes(user.pk)),
                schema_token_generator.make_token(user),
            ],
        )
        message_send(
            kind="staff_password_reset",
            recipient=user.email,
            context={
                "company_name": reset.company_name,
                "username": user.username,
                "url": f"{reset.address}{path}",
            },
        )

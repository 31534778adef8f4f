"""People with a login. Public only: one person has accounts in many regions."""

import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.utils.translation import gettext_lazy as _


class Subscriber(models.Model):
    """A person who confirmed an address. Not Django's auth user: those are staff."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # In the forms in which they are compared: `contacts.py`. At least one of them.
    email = models.EmailField(_("электронная почта"), unique=True, null=True, blank=True)
    phone = models.CharField(_("телефон"), max_length=16, unique=True, null=True, blank=True)
    password = models.CharField(_("пароль"), max_length=128)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    # While it is set, the cabinet shows nothing but the way to take the deletion back.
    deletion_due_at = models.DateTimeField(_("будет удалён"), null=True, blank=True)

    # Set on the object that logs in by a temporary password; never stored.
    came_by_temporary_password = False

    class Meta:
        db_table = '"public"."subscribers_subscriber"'
        verbose_name = _("абонент")
        verbose_name_plural = _("абоненты")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False),
                name="subscriber_has_contact",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def check_password(self, raw_password: str) -> bool:
        def upgrade(raw: str) -> None:
            before, self.password = self.password, make_password(raw)
            # Only over the hash that was checked: the password may have been changed meanwhile.
            Subscriber.objects.filter(pk=self.pk, password=before).update(password=self.password)

        return check_password(raw_password, self.password, upgrade)

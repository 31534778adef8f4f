"""Entries for logins, logouts and Wagtail's own log of content."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save
from django.dispatch import receiver
from wagtail.models import ModelLogEntry, PageLogEntry
from wagtail.models.audit_log import BaseLogEntry

from portal.audit.services import audit_write


@receiver(post_save, sender=PageLogEntry)
@receiver(post_save, sender=ModelLogEntry)
def content_changed(instance: BaseLogEntry, created: bool, raw: bool, **_: Any) -> None:
    """Log a change of content in the transaction of Wagtail's own entry."""
    if created and not raw:
        details = {"type": instance.content_type.model if instance.content_type else ""}
        audit_write(
            actor=instance.user, action=instance.action, subject=instance.label, details=details
        )


@receiver(user_logged_in)
def logged_in(user: Any, **_: Any) -> None:
    audit_write(actor=user, action="login")


@receiver(user_logged_out)
def logged_out(user: Any, **_: Any) -> None:
    if user is not None:
        audit_write(actor=user, action="logout")


@receiver(user_login_failed)
def login_failed(credentials: dict[str, Any], **_: Any) -> None:
    audit_write(actor=None, action="login.failed", subject=credentials.get("username") or "")

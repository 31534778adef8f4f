"""Entries for logins and logouts, and the receivers of changes of content."""

from typing import Any

from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_save, pre_save
from django.dispatch import receiver
from wagtail.models import ModelLogEntry, PageLogEntry

from portal.audit.content import content_changed
from portal.audit.services import audit_write
from portal.audit.watching import before_save

pre_save.connect(before_save, dispatch_uid="audit")
for log in (PageLogEntry, ModelLogEntry):
    post_save.connect(content_changed, sender=log, dispatch_uid="audit")


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

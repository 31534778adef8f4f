"""What a person has typed and not sent yet."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.models.kinds import AppealKind


class AppealDraft(models.Model):
    """A form of an account that is not sent yet; its key is the appeal's when it is."""

    form_key = models.UUIDField(primary_key=True, editable=False)
    subscriber_id = models.UUIDField(_("абонент"))
    account = models.ForeignKey(PersonalAccount, on_delete=models.CASCADE, related_name="+")
    kind = models.ForeignKey(AppealKind, null=True, on_delete=models.SET_NULL, related_name="+")
    data = models.JSONField(_("написанное"), default=dict)
    changed_at = models.DateTimeField(_("изменено"), auto_now=True)

    class Meta:
        verbose_name = _("черновик обращения")
        verbose_name_plural = _("черновики обращений")
        default_permissions = ()
        indexes = [
            models.Index(fields=["subscriber_id", "account"], name="appeal_draft_of_person"),
            models.Index(fields=["changed_at"], name="appeal_draft_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

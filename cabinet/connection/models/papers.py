"""Files of an application: the applicant's papers, and the contract that comes back."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.connection.models.applications import ConnectionApplication, PaperRequest
from cabinet.connection.models.set_up import PaperType
from portal.uploads.models import StoredUpload


class ConnectionPaper(StoredUpload):
    """A file for a line of the checklist or for a request; of staff: the contract, an act."""

    folder = "connection"
    owner_field = "application"

    class Kind(models.TextChoices):
        PAPER = "paper", _("документ заявителя")
        CONTRACT = "contract", _("договор")
        OTHER = "other", _("другой документ компании")

    application = models.ForeignKey(
        ConnectionApplication,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="papers",
    )
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PAPER)
    paper_type = models.ForeignKey(
        PaperType, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    request = models.ForeignKey(
        PaperRequest, null=True, blank=True, on_delete=models.SET_NULL, related_name="papers"
    )
    # What the checklist called it then.
    title = models.CharField(_("документ"), max_length=200, blank=True)
    name = models.CharField(_("имя файла"), max_length=200)
    size = models.PositiveIntegerField(_("размер, байт"))
    # When the recipient was sent it.
    forwarded_at = models.DateTimeField(_("передан"), null=True, blank=True)
    by_staff = models.CharField(_("кто приложил"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("документ заявки")
        verbose_name_plural = _("документы заявок")
        default_permissions = ()

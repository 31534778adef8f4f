import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.meters.models.meters import Meter
from cabinet.meters.models.submissions import Submission


class DialPhoto(models.Model):
    """A picture of a dial, sent as evidence with a reading. The file is private to its sender and operators.

    Kept from the moment that it arrives, so that a page that is asked again does not lose it; without a
    submission for a day, it goes.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="photos")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.CASCADE, related_name="photos"
    )
    subscriber_id = models.UUIDField(_("абонент"), null=True)  # none once the person is deleted
    created_at = models.DateTimeField(_("получено"), auto_now_add=True)

    class Meta:
        verbose_name = _("фото счётчика")
        verbose_name_plural = _("фото счётчиков")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="photo_unused",
                condition=models.Q(submission=None),
            ),
            models.Index(
                fields=["subscriber_id"],
                name="photo_of_person",
                condition=models.Q(subscriber_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def file_name(self) -> str:
        """In the private storage of the company."""
        return f"dials/{self.created_at:%Y/%m}/{self.pk}.jpg"

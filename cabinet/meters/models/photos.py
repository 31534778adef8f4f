from django.db import models
from django.utils.translation import gettext_lazy as _

from cabinet.meters.models.meters import Meter
from cabinet.meters.models.submissions import Submission
from portal.uploads.models import StoredUpload


class DialPhoto(StoredUpload):
    """A picture of a dial, evidence of a reading; private to its sender and operators.

    Stored as soon as it arrives, so that a page that is shown again does not lose it; deleted when no
    submission has taken it within a day.
    """

    folder = "dials"
    owner_field = "submission"

    meter = models.ForeignKey(Meter, on_delete=models.PROTECT, related_name="photos")
    submission = models.ForeignKey(
        Submission, null=True, blank=True, on_delete=models.SET_NULL, related_name="photos"
    )
    subscriber_id = models.UUIDField(_("абонент"), null=True)  # none once the person is deleted

    class Meta:
        verbose_name = _("фото счётчика")
        verbose_name_plural = _("фото счётчиков")
        indexes = [
            models.Index(
                fields=["created_at"],
                name="photo_pending",
                condition=models.Q(submission=None),
            ),
            models.Index(
                fields=["subscriber_id"],
                name="photo_of_person",
                condition=models.Q(subscriber_id__isnull=False),
            ),
        ]

"""The waiting list: who would come earlier, and what was offered."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cabinet.appointments.models.appointments import Appointment
from cabinet.appointments.models.set_up import AppointmentService
from cms_pages.models import ServiceCentre
from portal.formats.dates import day_and_month
from portal.secrets import OneTimeCode


class WaitingEntry(OneTimeCode):
    """One who waits for a window between two days: with a booking that it replaces, or without one."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("Ждёт подтверждения")
        WAITING = "waiting", _("В листе ожидания")
        OFFERED = "offered", _("Предложено время")
        ACCEPTED = "accepted", _("Записан")
        LEFT = "left", _("Вышел из листа")
        OVER = "over", _("Срок вышел")

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("состояние"), max_length=15, choices=State.choices)
    centre = models.ForeignKey(ServiceCentre, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(AppointmentService, on_delete=models.CASCADE, related_name="+")
    # The booking that an earlier window replaces.
    appointment = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.CASCADE, related_name="waiting"
    )
    # The held window that is offered now, until its `held_until`.
    offered = models.ForeignKey(
        Appointment, null=True, blank=True, on_delete=models.SET_NULL, related_name="offered_to"
    )
    first_day = models.DateField(_("с даты"))
    last_day = models.DateField(_("по дату"))
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    contact_name = models.CharField(_("имя"), max_length=150, blank=True)
    phone = models.CharField(_("телефон"), max_length=16, blank=True)
    email = models.EmailField(_("электронная почта"), blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    # Beginnings of the windows that were free when the person joined: none of them did suit.
    known = ArrayField(models.DateTimeField(), default=list, blank=True)
    # Beginnings of the windows that were offered: none is offered twice to the same person.
    seen = ArrayField(models.DateTimeField(), default=list, blank=True)
    # Of the link in the last message; leaving makes it dead.
    link_hash = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(_("создано"), auto_now_add=True)

    class Meta:
        verbose_name = _("лист ожидания")
        verbose_name_plural = _("лист ожидания")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["link_hash"], name="waiting_link_once", condition=~Q(link_hash="")
            )
        ]
        indexes = [
            models.Index(
                fields=["centre", "service", "created_at"],
                name="waiting_queue",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["subscriber_id"], name="waiting_of_person"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    def code_owner(self) -> str:
        return str(self.form_key)

    @property
    def contact(self) -> str:
        """Return the one contact that the person has confirmed; empty for who has a login."""
        return self.phone or self.email

    @property
    def days_in_words(self) -> str:
        """Return `1 декабря`, or `с 1 декабря по 4 декабря`."""
        first, last = day_and_month(self.first_day), day_and_month(self.last_day)
        if self.first_day == self.last_day:
            return first
        return gettext("с\u00a0%(first)s по\u00a0%(last)s") % {"first": first, "last": last}

"""Appointments: who comes when, to which desk. A window is never given twice: the table refuses it."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from encrypted_fields.fields import EncryptedTextField

from cabinet.accounts.models import PersonalAccount
from cabinet.appointments.models.set_up import AppointmentService, Desk
from cms_pages.models import ServiceCentre
from portal.secrets import OneTimeCode


class Appointment(OneTimeCode):
    """Запись на приём. `lifecycle/` alone changes its state.

    `during` is the window at the desk; a move changes it in place, with a new `link_hash`, so that the old
    link is dead. Service and contact are copies. `subscriber_id` is None for who booked without a login.
    """

    class State(models.TextChoices):
        HELD = "held", _("Ждёт подтверждения")
        BOOKED = "booked", _("Вы записаны")
        ARRIVED = "arrived", _("Приём состоялся")
        MISSED = "missed", _("Вы не пришли")
        CANCELLED = "cancelled", _("Запись отменена")
        EXPIRED = "expired", _("Запись не подтверждена")

    class Source(models.TextChoices):
        GUEST = "guest", _("без регистрации")
        CABINET = "cabinet", _("личный кабинет")
        WAITING = "waiting", _("лист ожидания")
        OPERATOR = "operator", _("записал оператор")
        WALK_IN = "walk_in", _("пришёл без записи")

    form_key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # What the person says at the centre: shows neither the order nor how many there are.
    number = models.CharField(_("номер"), max_length=9, unique=True)
    state = models.CharField(_("состояние"), max_length=10, choices=State.choices)
    source = models.CharField(_("откуда"), max_length=10, choices=Source.choices)
    centre = models.ForeignKey(
        ServiceCentre, on_delete=models.PROTECT, related_name="+", verbose_name=_("центр")
    )
    # Without a desk: kept by another queue system under `reference`.
    desk = models.ForeignKey(
        Desk,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appointments",
        verbose_name=_("окно"),
    )
    reference = models.CharField(max_length=100, blank=True)
    during = DateTimeRangeField(_("время"))
    starts_at = models.DateTimeField(_("начало"))
    service = models.ForeignKey(
        AppointmentService, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    service_name = models.CharField(_("услуга"), max_length=150)
    account = models.ForeignKey(
        PersonalAccount, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    contact_name = models.CharField(_("имя"), max_length=150, blank=True)
    phone = models.CharField(
        _("телефон"), max_length=16, blank=True
    )  # in the form of `contacts.py`
    email = models.EmailField(_("электронная почта"), blank=True)
    comment = models.CharField(_("с чем придёте"), max_length=300, blank=True)
    # Until when the window waits for the code or for an offer's acceptance.
    held_until = models.DateTimeField(null=True, blank=True)
    code_sent_at = models.DateTimeField(null=True, blank=True)
    # Where the last code went: of a guest's two contacts the one that he has confirmed.
    code_to = models.CharField(max_length=254, blank=True)
    # Of the link that moves or cancels: another one after a move, empty after a cancellation.
    link_hash = models.CharField(max_length=64, blank=True)
    # For the reminder, which has to lead to it.
    link_secret = EncryptedTextField(null=True, blank=True)
    created_at = models.DateTimeField(_("создано"), auto_now_add=True)
    state_since = models.DateTimeField(_("в этом состоянии с"), auto_now_add=True)
    # When the next reminder is due; set by `lifecycle/notices.py` with each message about the window.
    remind_at = models.DateTimeField(null=True, blank=True)
    # What no longer fits at this window, and that an operator has told the person about it.
    called_about = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name = _("запись на приём")
        verbose_name_plural = _("записи на приём")
        default_permissions = ()
        permissions = [
            ("serve_appointment", "Может вести приём по записи"),
            ("see_appointment_figures", "Может смотреть сводку приёма"),
        ]
        constraints = [
            ExclusionConstraint(
                name="appointment_window_once",
                expressions=[
                    ("desk", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                # Not `in`: PostgreSQL writes that down otherwise in a copied schema.
                condition=Q(state="held") | Q(state="booked") | Q(state="arrived"),
            ),
            models.UniqueConstraint(
                fields=["link_hash"], name="appointment_link_once", condition=~Q(link_hash="")
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "starts_at"], name="appointment_day"),
            models.Index(fields=["starts_at"], name="appointment_start"),
            models.Index(fields=["subscriber_id", "-starts_at"], name="appointment_of_person"),
            models.Index(fields=["phone"], name="appointment_phone", condition=~Q(phone="")),
            models.Index(fields=["email"], name="appointment_email", condition=~Q(email="")),
            models.Index(fields=["held_until"], name="appointment_held", condition=Q(state="held")),
            models.Index(
                fields=["state_since"],
                name="appointment_unconfirmed",
                condition=Q(state="expired"),
            ),
            models.Index(
                fields=["remind_at"],
                name="appointment_to_remind",
                condition=Q(remind_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def code_owner(self) -> str:
        return str(self.form_key)


# States in which a desk is taken.
ACTIVE = (Appointment.State.HELD, Appointment.State.BOOKED, Appointment.State.ARRIVED)


class FindingCode(OneTimeCode):
    """A code that proves to a visitor's browser, which has the key, that a contact is his.

    Of no appointment: the same row is made for a contact that has none. Whose it is, the browser alone knows.
    """

    key = models.UUIDField(primary_key=True, editable=False)
    sent_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.key)

    def code_owner(self) -> str:
        return str(self.key)

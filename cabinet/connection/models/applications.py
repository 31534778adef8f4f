"""Applications for technological connection: from the first step of the draft to gas in the house."""

import uuid
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.connection.models.fields import EncryptedAnswersField
from portal.jobs import Job
from portal.secrets import OneTimeCode


class ConnectionApplication(OneTimeCode, Job):
    """Заявка на технологическое присоединение. `lifecycle/` alone changes its state.

    As a row of `portal.jobs` it waits to be forwarded to the recipient. `answers` holds what each step of the
    form asks, also while it is a draft. The legal terms run from `registered_on`, the day on which the
    recipient has registered it under `recipient_number`.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Черновик")
        SUBMITTED = "submitted", _("Отправлена")
        INCOMPLETE = "incomplete", _("Нужны документы")
        FORWARDED = "forwarded", _("Передана получателю")
        REGISTERED = "registered", _("Зарегистрирована")
        OFFERED = "offered", _("Договор готов")
        SIGNED = "signed", _("Договор заключён")
        BUILDING = "building", _("Идут работы")
        READY = "ready", _("Готово к пуску газа")
        DONE = "done", _("Газ подключён")
        REFUSED = "refused", _("Отказано")
        WITHDRAWN = "withdrawn", _("Отозвана")

    TASK = "cabinet.connection.tasks.application_forward"

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    # A draft waits for nobody.
    due_at = models.DateTimeField(_("не раньше"), default=None, null=True, blank=True)
    # None while it is a draft; what the person says on the telephone.
    number = models.CharField(_("номер"), max_length=9, unique=True, null=True, blank=True)
    state = models.CharField(
        _("состояние"), max_length=12, choices=State.choices, default=State.DRAFT
    )
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    # Of the cookie or link by which a visitor without a login comes back to the draft.
    secret_hash = models.CharField(max_length=64, blank=True)
    answers: Any = EncryptedAnswersField(_("ответы"), default=dict)
    # Copies for lists and search, written when it is submitted.
    applicant_name = models.CharField(_("заявитель"), max_length=200, blank=True)
    phone = models.CharField(_("телефон"), max_length=16, blank=True)
    email = models.EmailField(_("электронная почта"), blank=True)
    address = models.CharField(_("адрес объекта"), max_length=300, blank=True)
    cadastral_number = models.CharField(_("кадастровый номер"), max_length=40, blank=True)
    # m³/h of all equipment.
    flow = models.DecimalField(
        _("расход, м³/ч"), max_digits=8, decimal_places=2, null=True, blank=True
    )
    code_sent_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("начата"), auto_now_add=True)
    changed_at = models.DateTimeField(_("изменена"), auto_now=True)
    submitted_at = models.DateTimeField(_("отправлена"), null=True, blank=True)
    forwarded_at = models.DateTimeField(_("передана"), null=True, blank=True)
    # When the letters to the recipient were written that have not left yet.
    letters_at = models.DateTimeField(null=True, blank=True)
    recipient = models.CharField(_("получатель"), max_length=200, blank=True)
    recipient_number = models.CharField(_("номер у получателя"), max_length=60, blank=True)
    registered_on = models.DateField(_("зарегистрирована"), null=True, blank=True)
    # By distance and flow, as the recipient says: the terms of the works go by it.
    category = models.PositiveSmallIntegerField(_("категория"), null=True, blank=True)
    # The last day of the term that runs now; None while none runs.
    due_on = models.DateField(_("срок"), null=True, blank=True)
    state_since = models.DateTimeField(_("в этом состоянии с"), auto_now_add=True)
    is_unread = models.BooleanField(_("не прочитано заявителем"), default=False)
    # When the applicant's data were deleted after its end; None again when anything is written to it.
    forgotten_at = models.DateTimeField(_("данные удалены"), null=True, blank=True)

    class Meta(Job.Meta):
        verbose_name = _("заявка на присоединение")
        verbose_name_plural = _("заявки на присоединение")
        default_permissions = ()
        permissions = [("serve_connection", "Может вести заявки на присоединение")]
        indexes = [
            *Job.Meta.indexes,
            models.Index(fields=["subscriber_id", "-created_at"], name="connection_of_person"),
            models.Index(fields=["state", "-submitted_at"], name="connection_state"),
            models.Index(fields=["phone"], name="connection_phone", condition=~Q(phone="")),
            models.Index(
                fields=["secret_hash"], name="connection_secret", condition=~Q(secret_hash="")
            ),
            models.Index(
                fields=["changed_at"], name="connection_draft_age", condition=Q(state="draft")
            ),
            models.Index(
                fields=["state_since"],
                name="connection_to_forget",
                # Not `in`: PostgreSQL writes that down otherwise in a copied schema.
                condition=Q(forgotten_at=None)
                & (Q(state="done") | Q(state="refused") | Q(state="withdrawn")),
            ),
        ]

    def __str__(self) -> str:
        return self.number or str(self.key)

    def code_owner(self) -> str:
        return str(self.key)

    @property
    def contact(self) -> tuple[str, str]:
        """Return the telephone and the e-mail address: of a draft, as they are answered now."""
        if self.state != self.State.DRAFT:
            return self.phone, self.email
        given = self.answers.get("applicant") or {}
        return str(given.get("phone", "")), str(given.get("email", ""))


class ConnectionEvent(models.Model):
    """A step of the tracker: what has happened, when, and what the applicant reads about it."""

    application = models.ForeignKey(
        ConnectionApplication, on_delete=models.CASCADE, related_name="events", db_index=False
    )
    state = models.CharField(max_length=12, choices=ConnectionApplication.State.choices)
    text = models.TextField(_("пояснение"), blank=True)
    by_staff = models.CharField(_("кто"), max_length=150, blank=True)
    happened_on = models.DateField(_("день"))
    created_at = models.DateTimeField(_("записано"), auto_now_add=True)

    class Meta:
        verbose_name = _("событие заявки")
        verbose_name_plural = _("события заявок")
        default_permissions = ()
        indexes = [models.Index(fields=["application", "id"], name="connection_events")]

    def __str__(self) -> str:
        return f"{self.application_id}: {self.state}"


class PaperRequest(models.Model):
    """A paper that is missing: asked for by an operator, answered by a file of the applicant."""

    application = models.ForeignKey(
        ConnectionApplication, on_delete=models.CASCADE, related_name="requests"
    )
    name = models.CharField(_("какой документ"), max_length=200)
    text = models.TextField(_("что исправить или приложить"), max_length=1000, blank=True)
    by_staff = models.CharField(_("кто"), max_length=150, blank=True)
    asked_at = models.DateTimeField(_("запрошен"), auto_now_add=True)
    answered_at = models.DateTimeField(_("получен"), null=True, blank=True)

    class Meta:
        verbose_name = _("запрос документа")
        verbose_name_plural = _("запросы документов")
        default_permissions = ()

    def __str__(self) -> str:
        return self.name

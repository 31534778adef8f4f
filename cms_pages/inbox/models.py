"""What visitors have sent by the forms of a site, and what the staff have answered."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.contrib.forms.models import AbstractFormSubmission

from cms_pages.pages.form_sender import SENDER


class FormEntry(AbstractFormSubmission):
    """A message of a form. `services.py` alone changes its state.

    Title and answers are copies: the form may change. `read_by` and `answered_by` are names of staff.
    """

    class State(models.TextChoices):
        NEW = "new", _("новое")
        READ = "read", _("прочитано")
        ANSWERED = "answered", _("отвечено")

    title = models.CharField(_("форма"), max_length=255)
    # [label, value] in the form's order, without consent and captcha.
    answers = models.JSONField(_("ответы"), default=list)
    # The person of the cabinet who was logged in.
    person = models.UUIDField(_("абонент"), null=True, blank=True, db_index=True)
    # Where the visitor is answered; "" where the form does not ask or nothing usable was typed.
    email = models.EmailField(_("электронная почта"), blank=True)
    # The addresses that the letter about it went to, with commas.
    sent_to = models.TextField(_("куда ушло письмо"), blank=True)
    # Under which the company answers it, where operators do.
    appeal_number = models.BigIntegerField(
        _("номер обращения"), null=True, blank=True, db_index=True
    )
    state = models.CharField(
        _("состояние"), max_length=10, choices=State.choices, default=State.NEW
    )
    read_at = models.DateTimeField(_("прочитано"), null=True, blank=True)
    read_by = models.CharField(_("кто прочитал"), max_length=150, blank=True)
    answered_at = models.DateTimeField(_("отвечено"), null=True, blank=True)
    answered_by = models.CharField(_("кто ответил"), max_length=150, blank=True)

    # No form of Wagtail's edits it.
    panels: ClassVar[list[Any]] = []

    class Meta:
        verbose_name = _("сообщение с сайта")
        verbose_name_plural = _("сообщения с сайта")
        default_permissions = ()
        permissions = [("answer_formentry", _("Читать сообщения с сайта и отвечать на них"))]
        indexes = [
            models.Index(
                fields=["submit_time"],
                name="form_entry_new",
                condition=models.Q(state="new", appeal_number=None),
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.pk}, {self.title}"

    def get_data(self) -> dict[str, Any]:
        """Return the answers for Wagtail's list, which shows what was not answered as «None»."""
        known: dict[str, Any] = {SENDER: "", **super().get_data()}
        return {key: "" if value is None else value for key, value in known.items()}


class FormReply(models.Model):
    """An answer that was sent by e-mail. `message` is its row of the outbox, which is forgotten earlier."""

    entry = models.ForeignKey(FormEntry, on_delete=models.CASCADE, related_name="replies")
    form_key = models.UUIDField(unique=True, editable=False)
    text = models.TextField(_("текст"))
    author = models.CharField(_("кто ответил"), max_length=150)
    created_at = models.DateTimeField(_("отправлено"), auto_now_add=True)
    message = models.UUIDField(_("письмо"), null=True)

    panels: ClassVar[list[Any]] = []

    class Meta:
        verbose_name = _("ответ на сообщение с сайта")
        verbose_name_plural = _("ответы на сообщения с сайта")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.entry_id}, {self.author}"

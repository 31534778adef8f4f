"""Applications for an account that an operator decides: registration of a fund's owner, or a link."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models.accounts import NumberKeyField


class Application(models.Model):
    """заявка: a person asks for an account with a document instead of a proof (manual 2, 3.3).

    Without `subscriber_id` the person has no login yet: the address is confirmed by a letter first. With
    it, a logged-in person came from the linking wizard, and the row is confirmed at once.
    """

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("ждёт подтверждения почты")
        WAITING = "waiting", _("ждёт оператора")
        APPROVED = "approved", _("одобрена")
        REFUSED = "refused", _("отклонена")

    class Reason(models.TextChoices):
        REGISTRATION = "registration", _("регистрация по заявке")
        NO_PROOF = "no_proof", _("нет способа подтвердить счёт")
        DELEGATE = "delegate", _("был доверенным лицом по этому счёту")

    class DocumentKind(models.TextChoices):
        """As manual 2, 3.3.1 has them."""

        STATE_REGISTRATION = "state_registration", _("Свидетельство о гос. регистрации")
        INHERITANCE = "inheritance", _("Свидетельство о праве наследования")
        FREE_USE = "free_use", _("Договор о передаче помещения в безвозмездное пользование")
        REGISTER_EXTRACT = "register_extract", _("Выписка из росреестра")
        OTHER = "other", _("Иное")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(_("номер"), max_length=9, unique=True)
    state = models.CharField(_("состояние"), max_length=12, choices=State.choices)
    reason = models.CharField(_("почему оператор"), max_length=12, choices=Reason.choices)
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    region = models.CharField(_("регион"), max_length=100)
    # As they were typed; billing's are beside them in the operators' page.
    address = models.CharField(_("адрес"), max_length=300)
    account_number = models.CharField(_("лицевой счёт"), max_length=30)
    number_key = NumberKeyField(_("номер для поиска"), source="account_number")
    # Billing's number of the account that was meant, where an operator had to look it up.
    corrected_number = models.CharField(_("верный лицевой счёт"), max_length=30, blank=True)
    email = models.EmailField(_("электронная почта"), blank=True)
    last_name = models.CharField(_("фамилия"), max_length=100)
    first_name = models.CharField(_("имя"), max_length=100)
    patronymic = models.CharField(_("отчество"), max_length=100, blank=True)
    phone = models.CharField(_("телефон"), max_length=16, blank=True)
    document_kind = models.CharField(
        _("тип документа"), max_length=20, choices=DocumentKind.choices
    )
    document_number = models.CharField(_("номер документа"), max_length=100)
    document_date = models.DateField(_("дата документа"))
    created_at = models.DateTimeField(_("подана"), auto_now_add=True)
    # Of the letter: the link is stored as a hash, and dies with its use.
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    link_expires_at = models.DateTimeField(_("ссылка действует до"), null=True, blank=True)
    sent_at = models.DateTimeField(_("письмо отправлено"), null=True, blank=True)
    sent_count = models.SmallIntegerField(_("писем"), default=0)
    confirmed_at = models.DateTimeField(_("почта подтверждена"), null=True, blank=True)
    decided_at = models.DateTimeField(_("решение принято"), null=True, blank=True)
    decided_by = models.CharField(_("оператор"), max_length=200, blank=True)
    refusal = models.TextField(_("причина отказа"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("заявка на лицевой счёт")
        verbose_name_plural = _("заявки на лицевые счета")
        default_permissions = ()
        permissions = [("decide_application", "Может рассматривать заявки на лицевые счета")]
        constraints = [
            # Sent twice: the second one is told that the first one waits.
            models.UniqueConstraint(
                fields=["number_key", "email", "subscriber_id"],
                condition=Q(state="waiting"),
                name="application_waits_once",
                nulls_distinct=False,
            )
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="application_queue"),
            models.Index(fields=["number_key"], name="application_account"),
            models.Index(
                fields=["subscriber_id"],
                name="application_of_person",
                condition=Q(subscriber_id__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.spoken_number

    @property
    def asked_number(self) -> str:
        """Return the number of the account that is asked for: the operator's, else as it was typed."""
        return self.corrected_number or self.account_number

    @property
    def full_name(self) -> str:
        return " ".join(filter(None, [self.last_name, self.first_name, self.patronymic]))

    @property
    def spoken_number(self) -> str:
        """Return the number as it is read aloud: 482 913 075, with non-breaking spaces."""
        return "\u00a0".join(self.number[start : start + 3] for start in (0, 3, 6))

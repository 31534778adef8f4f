"""Appeals: what was asked, what was answered, who has it and until when."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Func, Q, TextField, Value
from django.db.models.functions import Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cabinet.accounts.models import PersonalAccount
from cabinet.appeals.models.kinds import AppealKind
from cms_pages.models import ServiceCentre
from portal.uploads.models import StoredUpload


def text_vector(*fields: str) -> SearchVector:
    """Return the words of texts in any form and with ё as е, as the indexes have them."""
    plain = [
        Func(F(name), Value("ёЁ"), Value("еЕ"), function="TRANSLATE", output_field=TextField())
        for name in fields
    ]
    return SearchVector(*plain, config="russian")


class Appeal(models.Model):
    """Обращение; its number is the primary key. `lifecycle/` alone changes its state.

    Kind and question are copies: the company may change or remove them. `subscriber_id` is None for who
    wrote without a login, and once the person is deleted.
    """

    class State(models.TextChoices):
        """As manual 1, figure 33 words them."""

        NEW = "new", _("Принято")
        IN_WORK = "in_work", _("В работе")
        WAITING = "waiting", _("Ждём вашего ответа")
        ANSWERED = "answered", _("Ответ дан в личном кабинете")
        DONE = "done", _("Выполнено")
        WITHDRAWN = "withdrawn", _("Отозвано")

    class Source(models.TextChoices):
        CABINET = "cabinet", _("личный кабинет")
        SITE = "site", _("форма на сайте")
        OPERATOR = "operator", _("записал оператор")
        MAX = "max", _("MAX")
        MAIL = "mail", _("почта")

    form_key = models.UUIDField(unique=True, editable=False)
    source = models.CharField(_("откуда"), max_length=10, choices=Source.choices)
    account = models.ForeignKey(
        PersonalAccount,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="appeals",
        verbose_name=_("лицевой счёт"),
    )
    subscriber_id = models.UUIDField(_("абонент"), null=True, blank=True)
    kind = models.ForeignKey(
        AppealKind, null=True, blank=True, on_delete=models.SET_NULL, related_name="appeals"
    )
    kind_name = models.CharField(_("вид обращения"), max_length=150)
    question = models.CharField(_("вопрос"), max_length=200, blank=True)
    contact_name = models.CharField(_("контактное лицо"), max_length=150, blank=True)
    email = models.EmailField(_("электронная почта"), blank=True)
    phone = models.CharField(_("телефон"), max_length=30, blank=True)
    text = models.TextField(_("текст обращения"))
    # [label, value] of the kind's own fields, as they were called then.
    answers = models.JSONField(_("поля"), default=list, blank=True)
    # What the person came from: a meter's reading, a payment, a bill.
    context = models.CharField(_("о чём"), max_length=300, blank=True)

    state = models.CharField(_("статус"), max_length=10, choices=State.choices, default=State.NEW)
    centre = models.ForeignKey(
        ServiceCentre,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("центр обслуживания"),
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("у кого"),
    )
    # Who has its page open to answer, and until when that is believed.
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    locked_until = models.DateTimeField(null=True, blank=True)
    # None while the subscriber's answer is awaited: then `time_left` is what remains of the term, in
    # seconds of working time. Once answered, `due_at` stays as it was.
    due_at = models.DateTimeField(_("ответить до"), null=True, blank=True)
    time_left = models.IntegerField(_("осталось, с"), null=True, blank=True)
    # As the kind had them when this was written.
    term = models.PositiveSmallIntegerField(_("срок ответа"), default=10)
    term_unit = models.CharField(
        max_length=15, choices=AppealKind.TermUnit.choices, default=AppealKind.TermUnit.WORKING_DAYS
    )
    created_at = models.DateTimeField(_("создано"), auto_now_add=True)
    state_since = models.DateTimeField(_("в этом статусе с"), default=timezone.now)
    # Of the first answer: what the figures count.
    answered_at = models.DateTimeField(_("отвечено"), null=True, blank=True)
    is_late = models.BooleanField(_("отвечено позже срока"), null=True, blank=True)
    closed_at = models.DateTimeField(_("закрыто"), null=True, blank=True)
    # Something that the subscriber has not seen yet (bold in the history), and the operators.
    is_unread = models.BooleanField(_("не прочитано абонентом"), default=False)
    has_news = models.BooleanField(_("есть новое от абонента"), default=True)
    is_solved = models.BooleanField(_("решено"), null=True, blank=True)
    mark = models.PositiveSmallIntegerField(_("оценка"), null=True, blank=True)
    mark_comment = models.TextField(_("отзыв"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("обращение")
        verbose_name_plural = _("обращения")
        default_permissions = ()
        permissions = [
            ("serve_appeal", "Может отвечать на обращения"),
            ("see_appeal_figures", "Может смотреть сводку обращений"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(mark=None) | Q(mark__gte=1, mark__lte=5), name="appeal_mark_range"
            ),
            models.CheckConstraint(
                condition=Q(due_at=None) | Q(time_left=None), name="appeal_clock_runs_or_stands"
            ),
        ]
        indexes = [
            models.Index(fields=["subscriber_id", "-created_at"], name="appeal_of_person"),
            # The queue: what is open, the most urgent first.
            models.Index(
                fields=["due_at", "id"],
                name="appeal_queue",
                condition=Q(state__in=["new", "in_work"]),
            ),
            models.Index(fields=["state", "-created_at"], name="appeal_state"),
            models.Index(fields=["created_at"], name="appeal_created"),
            # As `iexact` asks: operators search by it, and see what else a guest has written.
            models.Index(Upper("email"), name="appeal_email"),
            GinIndex(text_vector("contact_name", "text"), name="appeal_words"),
        ]

    def __str__(self) -> str:
        return f"Обращение № {self.pk}"

    @property
    def has_typed_account(self) -> bool:
        """Return whether the account is only what a visitor of the site has typed: nobody has checked it."""
        return self.source == self.Source.SITE and self.subscriber_id is None


# States in which the company has to do something.
OPEN = (Appeal.State.NEW, Appeal.State.IN_WORK)


class AppealMessage(models.Model):
    """What follows the first text: an answer, a question back, a further question, a note of operators."""

    class Author(models.TextChoices):
        SUBSCRIBER = "subscriber", _("абонент")
        STAFF = "staff", _("компания")
        NOTE = "note", _("заметка операторов")

    form_key = models.UUIDField(unique=True, editable=False)
    appeal = models.ForeignKey(
        Appeal, on_delete=models.CASCADE, related_name="messages", db_index=False
    )
    author = models.CharField(max_length=10, choices=Author.choices)
    author_name = models.CharField(_("кто"), max_length=150, blank=True)
    text = models.TextField(_("текст"))
    created_at = models.DateTimeField(_("когда"), auto_now_add=True)

    class Meta:
        verbose_name = _("сообщение обращения")
        verbose_name_plural = _("сообщения обращений")
        default_permissions = ()
        indexes = [
            models.Index(fields=["appeal", "id"], name="appeal_messages"),
            GinIndex(text_vector("text"), name="appeal_message_words"),
        ]

    def __str__(self) -> str:
        return f"{self.appeal_id}: {self.pk}"


class AppealFile(StoredUpload):
    """A file of an appeal: stored as it arrives under the key of its form, attached when that is sent.

    `message` None: it came with the first text. A file of operators is `by_staff`.
    """

    folder = "appeals"
    owner_field = "appeal"

    appeal = models.ForeignKey(
        Appeal, null=True, blank=True, on_delete=models.SET_NULL, related_name="files"
    )
    message = models.ForeignKey(
        AppealMessage, null=True, blank=True, on_delete=models.SET_NULL, related_name="files"
    )
    form_key = models.UUIDField(editable=False)
    # Who has sent it: a person, or the staff by name.
    subscriber_id = models.UUIDField(_("абонент"), null=True)
    by_staff = models.CharField(_("кто приложил"), max_length=150, blank=True)
    name = models.CharField(_("имя файла"), max_length=200)
    size = models.PositiveIntegerField(_("размер, байт"))
    is_internal = models.BooleanField(_("только для операторов"), default=False)

    class Meta:
        verbose_name = _("файл обращения")
        verbose_name_plural = _("файлы обращений")
        default_permissions = ()
        indexes = [
            models.Index(fields=["form_key"], name="appeal_file_form"),
            models.Index(
                fields=["created_at"], name="appeal_file_pending", condition=Q(appeal=None)
            ),
        ]

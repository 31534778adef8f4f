from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """A right of a key."""

    PACKAGES_WRITE = "packages:write", _("передавать пакеты и видеть, что с ними стало")
    READINGS_READ = "readings:read", _("забирать показания")
    PAYMENTS_READ = "payments:read", _("забирать платежи")
    APPEALS_READ = "appeals:read", _("забирать обращения")
    APPLICATIONS_READ = "applications:read", _("забирать заявки на техприсоединение")
    ACKNOWLEDGEMENTS_WRITE = "acknowledgements:write", _("подтверждать, что данные получены")


class Package(models.Model):
    """An attempt to load a package of the billing system (docs/exchange-format.md).

    A refused package may come again under its id, so an id may have several rows; at most one of
    them is applied. The row of an uploaded one is the outbox: a worker applies what is queued.
    """

    class Mode(models.TextChoices):
        DELTA = "delta", _("изменения")
        FULL = "full", _("полная выгрузка")

    class State(models.TextChoices):
        QUEUED = "queued", _("ждёт загрузки")
        RUNNING = "running", _("загружается")
        APPLIED = "applied", _("загружен")
        CHECKED = "checked", _("проверен, не\u00a0загружен")
        REPEATED = "already_applied", _("уже был загружен")
        REFUSED = "refused", _("отклонён")
        INTERRUPTED = "interrupted", _("прерван")

    FAILED = (State.REFUSED, State.INTERRUPTED)

    class Source(models.TextChoices):
        COMMAND = "command", _("команда")
        API = "api", _("программа биллинга")
        DESK = "desk", _("загружен вручную")

    class Refusal(models.TextChoices):
        BROKEN = "broken", _("ошибки в пакете")
        CONFLICT = "conflict", _("не сочетается с уже загруженным")
        TOO_LARGE = "too_large", _("распаковывается в слишком большой объём")
        MASS_CLOSE = "mass_close", _("закрыл бы слишком много счетов")

    # Empty, as the two below, for a package whose manifest could not be read.
    package_id = models.CharField(_("номер пакета"), max_length=100, blank=True)
    manifest_sha256 = models.CharField(_("SHA-256 манифеста"), max_length=64, blank=True)
    as_of = models.DateTimeField(_("данные на"), null=True, blank=True)
    mode = models.CharField(_("вид"), max_length=10, choices=Mode.choices, blank=True)
    state = models.CharField(
        _("состояние"), max_length=20, choices=State.choices, default=State.RUNNING
    )
    # By file: inserted, updated, unchanged, closed.
    counts = models.JSONField(_("строк по файлам"), default=dict, blank=True)
    problem_count = models.PositiveIntegerField(_("ошибок"), default=0)
    # The first hundred: file, line, column, reason.
    problems = models.JSONField(_("первые ошибки"), default=list, blank=True)
    rejected_rows = models.PositiveIntegerField(_("отклонено строк"), default=0)
    source = models.CharField(_("как получен"), max_length=10, choices=Source.choices)
    # By a key's name or a login; empty for a command.
    sent_by = models.CharField(_("кто передал"), max_length=150, blank=True)
    sent_from = models.GenericIPAddressField(_("откуда"), null=True, blank=True)
    # Names in the company's folder of uploads; empty without a file, or when it was removed.
    file = models.CharField(_("файл"), max_length=40, blank=True)
    size = models.BigIntegerField(_("размер, байт"), default=0)
    # Tried in a transaction that is rolled back: nothing of it is ever loaded by this row.
    is_check = models.BooleanField(_("только проверить"), default=False)
    wants_rejects = models.BooleanField(_("загрузить годные строки"), default=False)
    rejects_file = models.CharField(_("файл отклонённых строк"), max_length=50, blank=True)
    allow_mass_close = models.BooleanField(_("разрешено закрыть много счетов"), default=False)
    attempts = models.IntegerField(_("попыток"), default=0)
    refusal = models.CharField(
        _("почему отклонён"), max_length=10, choices=Refusal.choices, blank=True
    )
    # Numbers and texts beside the problems: `closing` of `open` accounts, `notes`, `failure`, `sums`.
    details = models.JSONField(_("подробности"), default=dict, blank=True)
    received_at = models.DateTimeField(_("получен"), auto_now_add=True)
    applied_at = models.DateTimeField(_("загружен"), null=True, blank=True)

    class Meta:
        verbose_name = _("пакет биллинга")
        verbose_name_plural = _("пакеты биллинга")
        constraints = [
            models.UniqueConstraint(
                fields=["package_id"], condition=Q(state="applied"), name="package_applied_once"
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True)),
                name="package_applied_at",
            ),
        ]
        default_permissions = ("view", "add")
        indexes = [
            models.Index(fields=["-received_at"], name="package_received"),
            models.Index(
                fields=["id"], name="package_waiting", condition=Q(state__in=["queued", "running"])
            ),
        ]

    def __str__(self) -> str:
        return self.package_id or f"№ {self.pk}"

    @property
    def is_moving(self) -> bool:
        return self.state in (self.State.QUEUED, self.State.RUNNING)

    @property
    def failure(self) -> str:
        """Return why it was interrupted, in Russian; empty for a package in any other state."""
        if self.state != self.State.INTERRUPTED:
            return ""
        return self.details.get("failure") or _(
            "Загрузку прервали: остановили программу или базу данных. Попыток: %(attempts)s."
        ) % {"attempts": self.attempts or 1}

    @property
    def has_failed(self) -> bool:
        return self.state in self.FAILED


class LateNotice(models.Model):
    """Staff got the letter that no package had come by this day: one for each day."""

    expected_on = models.DateField(_("когда ждали"), unique=True)
    sent_at = models.DateTimeField(_("когда сообщили"), auto_now_add=True)

    class Meta:
        verbose_name = _("сообщение об опоздавшем пакете")
        verbose_name_plural = _("сообщения об опоздавших пакетах")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.expected_on}"


class ExchangeKey(models.Model):
    """A key of the billing system: `schema.public_id.secret`, of which a hash of the secret is stored."""

    name = models.CharField(_("название"), max_length=100)
    public_id = models.CharField(_("номер ключа"), max_length=16, unique=True)
    digest = models.CharField(_("SHA-256 секрета"), max_length=64)
    scopes = models.JSONField(_("что можно"), default=list)
    created_by = models.CharField(_("кто создал"), max_length=150)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)
    expires_at = models.DateTimeField(_("действует до"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("отозван"), null=True, blank=True)
    revoked_by = models.CharField(_("кто отозвал"), max_length=150, blank=True)
    last_used_at = models.DateTimeField(_("последний запрос"), null=True, blank=True)
    last_used_address = models.GenericIPAddressField(_("откуда"), null=True, blank=True)

    class Meta:
        verbose_name = _("ключ обмена")
        verbose_name_plural = _("ключи обмена")
        default_permissions = ()
        permissions = [("manage_keys", "Может создавать и отзывать ключи обмена")]

    def __str__(self) -> str:
        return self.name

    @property
    def has_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()

    @property
    def is_good(self) -> bool:
        return self.revoked_at is None and not self.has_expired

    @property
    def scope_titles(self) -> list[str]:
        return [str(Scope(scope).label) for scope in self.scopes if scope in Scope.values]

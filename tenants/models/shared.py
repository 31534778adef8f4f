"""Texts that the central office sends to many companies, and their deliveries.

Texts and pictures themselves are the site's business (`cms_pages.shared`); here they are plain data
that a company's task can read without entering public.
"""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.jobs import Job, retry_plan
from tenants.models.company import GasCompany


class SharedVersion(models.Model):
    """A text as it was sent. Never changes, but for `new_companies`."""

    class NewCompanies(models.TextChoices):
        NONE = "", _("не отправлять")
        GAS = GasCompany.Kind.GAS.value, _("компаниям газоснабжения")
        CAPITAL_REPAIR = GasCompany.Kind.CAPITAL_REPAIR.value, _("фондам капитального ремонта")
        ALL = "all", _("всем")

    item = models.UUIDField(_("материал"))
    number = models.IntegerField(_("версия"))
    title = models.CharField(_("заголовок"), max_length=255)
    # As `cms_pages.shared.versions` made it: fields by name, files by the hash of their content.
    content = models.JSONField(_("содержание"))
    note = models.TextField(_("что изменилось"), blank=True)
    new_companies = models.CharField(
        _("новым компаниям"),
        max_length=20,
        choices=NewCompanies,
        default=NewCompanies.NONE,
        blank=True,
    )
    new_companies_publish = models.BooleanField(_("сразу публиковать"), default=False)
    made_by = models.CharField(_("кто отправил"), max_length=150)
    made_at = models.DateTimeField(_("отправлена"), default=timezone.now)

    class Meta:
        db_table = '"public"."tenants_sharedversion"'
        ordering = ["item", "-number"]
        default_permissions = ()
        verbose_name = _("версия общего материала")
        verbose_name_plural = _("версии общих материалов")
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="shared_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.number}"

    @classmethod
    def all_for_new(cls, kind: str) -> "list[SharedVersion]":
        """Return the newest version of each text that a new company of this kind gets."""
        newest = cls.objects.order_by("item", "-number").distinct("item")
        return [one for one in newest if one.new_companies in (cls.NewCompanies.ALL.value, kind)]


class SharedDelivery(Job):
    """One text on its way to one company, and what became of it there: outbox and displayed state."""

    ADAPTED = 0  # in the place of a version's number: a text that the company has changed

    class Wish(models.TextChoices):
        DRAFT = "draft", _("черновиком")
        PUBLISH = "publish", _("с публикацией")
        WITHDRAW = "withdraw", _("снять с публикации")

    class State(models.TextChoices):
        WAITING = "waiting", _("ждёт доставки")
        DONE = "done", _("доставлено")
        OFFERED = "offered", _("ждёт решения компании")
        DECLINED = "declined", _("компания оставила своё")
        REMOVED = "removed", _("компания удалила страницу")
        FAILED = "failed", _("не доставлено")

    TASK = "cms_pages.tasks.shared_deliver"
    RETRY_AFTER = retry_plan(10, 60, 300, 1800, 7200)
    ON_GIVE_UP: ClassVar[dict[str, Any]] = {"state": State.FAILED, "settled_at": timezone.now}

    company = models.ForeignKey(
        GasCompany,
        on_delete=models.CASCADE,
        related_name="shared_deliveries",
        verbose_name=_("компания"),
    )
    item = models.UUIDField(_("материал"))
    version = models.ForeignKey(
        SharedVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("версия")
    )
    wish = models.CharField(_("что сделать"), max_length=10, choices=Wish)
    state = models.CharField(
        _("состояние"), max_length=10, choices=State, default=State.WAITING, db_index=True
    )
    # Numbers of the company's own page and revisions: no foreign keys lead from public to its tables.
    page = models.IntegerField(_("страница компании"), null=True, blank=True)
    # What is there, by the number of its version, and apart from it what is a draft.
    live_version = models.IntegerField(_("опубликованная версия"), null=True, blank=True)
    draft_version = models.IntegerField(_("версия черновика"), null=True, blank=True)
    # Of the delivered texts, by which any of them is known again: hash to version.
    texts = models.JSONField(default=dict, blank=True)
    # The last version that the office, or an editor who took it, has put on top of the page.
    top_version = models.IntegerField(null=True, blank=True)
    top_revision = models.BigIntegerField(null=True, blank=True)
    # The version that an editor has to decide on; without a revision, its withdrawal.
    waiting = models.IntegerField(_("ждёт решения версия"), null=True, blank=True)
    waiting_revision = models.BigIntegerField(null=True, blank=True)
    requested_by = models.CharField(_("кто отправил"), max_length=150)
    requested_at = models.DateTimeField(_("отправлено"), default=timezone.now)
    settled_at = models.DateTimeField(_("закончено"), null=True, blank=True)

    class Meta(Job.Meta):
        db_table = '"public"."tenants_shareddelivery"'
        ordering = ["pk"]  # of no other table: a lock of these rows would take that table's too
        default_permissions = ()
        verbose_name = _("доставка общего материала")
        verbose_name_plural = _("доставки общих материалов")
        constraints = [
            models.UniqueConstraint(fields=["item", "company"], name="shared_delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} → {self.company_id}: {self.state}"

    @property
    def is_served(self) -> bool:
        return self.company.status in GasCompany.OPEN_TO_CHANGE

    @property
    def state_in_words(self) -> str:
        """Return the state as the central office reads it, without the reason of a failure."""
        is_withdrawal, label = self.wish == self.Wish.WITHDRAW, self.State(self.state).label
        if self.state == self.State.WAITING and not self.is_served:
            return str(_("ждёт: компания не работает"))
        if self.state in (self.State.WAITING, self.State.OFFERED) and not is_withdrawal:
            return str(_("версия %d") % self.version.number) + f" {label}"
        if self.state == self.State.DONE:
            is_withdrawn = is_withdrawal and self.live_version is None
            return str(_("снято с публикации")) if is_withdrawn else self.site_in_words
        return str(label)

    @property
    def site_in_words(self) -> str:
        """Return what is live in the company, and apart from it what is a draft."""
        said: list[Any] = []
        if self.live_version == self.ADAPTED:
            said.append(_("опубликовано с изменениями компании"))
        elif self.live_version:
            said.append(_("опубликована версия %d") % self.live_version)
        if self.draft_version == self.ADAPTED:
            said.append(_("черновик с изменениями компании"))
        elif self.draft_version:
            said.append(_("версия %d — черновик") % self.draft_version)
        return ", ".join(map(str, said)) or str(_("не опубликовано"))

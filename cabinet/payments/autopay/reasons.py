"""Why an autopay has ended, in plain words; and what it decides to do on a day."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from cabinet.billing.selectors.lines import ZERO
from cabinet.payments.models import AutoPaymentRun

Outcome = AutoPaymentRun.Outcome


class Off(TextChoices):
    """`off_reason` of an autopay, as its page and the letter say it."""

    PERSON = "person", _("Вы отключили автоплатёж.")
    UNLINKED = "unlinked", _("Лицевого счёта больше нет в вашем личном кабинете.")
    NEW_OWNER = "new_owner", _("У лицевого счёта изменилась фамилия владельца.")
    CLOSED = "closed", _("Лицевой счёт закрыт.")
    COMPANY = "company", _("Компания больше не принимает платежи в личном кабинете.")
    DELETED = "deleted", _("Вы удаляете личный кабинет.")
    DECLINED = "declined", _("Банк больше не разрешает списывать деньги этим способом.")
    CANCELED = "canceled", _("Платёж 1 ₽ не прошёл, поэтому автоплатёж не подключён.")
    NOT_SAVED = "not_saved", _("Банк не разрешил сохранить карту, поэтому автоплатёж не подключён.")

    @classmethod
    def of_saving(cls) -> tuple["Off", ...]:
        """Return the reasons for which an autopay does not begin."""
        return cls.CANCELED, cls.NOT_SAVED


class Why(TextChoices):
    """Why an autopay asks instead of paying; `reason` of a run."""

    LIMIT = "limit", "больше лимита"
    TWICE = "twice", "вдвое больше, чем год назад"
    STALE = "stale", "данные биллинга устарели"


@dataclass(frozen=True)
class Decision:
    """₽ that are due, and what is done about them: paid where `outcome` is empty.

    `charged` is taken from the card: with the commission that the portal collects. `paid_for` is stored with
    the payment. `is_early`: an attempt that counts as paid was begun so lately that it may come to nothing.
    """

    outcome: str
    reason: str = ""
    principal: Decimal = ZERO
    penalty: Decimal = ZERO
    charged: Decimal = ZERO
    last_year: Decimal = ZERO
    paid_for: dict[str, Any] = field(default_factory=dict)
    is_early: bool = False

    @property
    def is_to_pay(self) -> bool:
        return self.outcome == Outcome.OPEN

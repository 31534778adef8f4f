"""The company's shop: its credentials, what the provider says of it, and whether payments are taken."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Site

from cabinet.bills.selectors import payee_of_company
from cabinet.payments.base import (
    CredentialsRefused,
    GatewayError,
    GatewayRefused,
    PaymentGateway,
    ShopFacts,
)
from cabinet.payments.models import IN_FLIGHT, Payment, Refund, Shop
from cabinet.payments.refunds.sums import UNENDED
from cabinet.payments.registry import gateway_made, shop_of_company
from portal.audit.changes import changes_between, row_values
from portal.audit.services import audit_write
from portal.staff.models import StaffUser


class ShopNotReady(Exception):
    """The shop cannot take payments; the text says why. `field` is the form's that is wrong."""

    def __init__(self, reason: str, field: str = "") -> None:
        super().__init__(reason)
        self.field = field


def shop_problem(facts: ShopFacts, *, shop_id: str) -> str:
    """Return why this company must not take payments by the shop, or nothing."""
    payee = payee_of_company()
    if facts.shop_id != shop_id:
        return _("Этот ключ — от другого магазина, № %s.") % facts.shop_id
    if not facts.is_enabled:
        return _("ЮKassa сообщает, что магазин отключён. Позвоните своему менеджеру в ЮKassa.")
    if facts.is_test and not settings.PAYMENT_TEST_SHOPS:
        return _("Это тестовый магазин: деньги по нему не приходят. Укажите боевой.")
    if payee is None:
        return _("Сначала заполните реквизиты компании: по ним ЮKassa переводит деньги.")
    if facts.inn != payee.inn:
        said = _(
            "ИНН магазина — %(theirs)s, а в реквизитах компании %(ours)s. "
            "Деньги абонентов ушли бы другому юридическому лицу, поэтому этот магазин не включить."
        )
        return said % {"theirs": facts.inn or _("не указан"), "ours": payee.inn}
    return ""


def shop_warnings(shop: Shop) -> list[str]:
    """Return what of the settings the provider has not switched on for this shop, by the last check."""
    methods = shop.checked.get("methods", [])
    if not shop.checked_at:
        return []
    found = []
    if "bank_card" not in methods:
        found.append(_("Банковские карты в магазине не включены: обратитесь в ЮKassa."))
    if (shop.takes_sbp or shop.shows_sbp_qr) and "sbp" not in methods:
        found.append(_("СБП в магазине не включена: выключите её здесь или обратитесь в ЮKassa."))
    if shop.receipts == Shop.Receipts.RECEIPT and not shop.checked.get("has_till"):
        found.append(_("В настройках выбраны чеки от ЮKassa, а в магазине касса не подключена."))
    if shop.receipts != Shop.Receipts.RECEIPT and shop.checked.get("has_till"):
        found.append(_("В магазине подключена касса: без чека ЮKassa не примет ни одного платежа."))
    return found


def shop_connect(*, shop_id: str, secret_key: str, actor: StaffUser) -> Shop:
    """Ask the provider whose credentials these are, and keep them if they are this company's.

    The shop stays on or off as it was. Raises ShopNotReady. Outside of a transaction.
    """
    shop = shop_of_company() or Shop()
    facts = _asked(gateway_made(shop.provider, shop_id=shop_id, secret_key=secret_key))
    if problem := shop_problem(facts, shop_id=shop_id):
        raise ShopNotReady(problem, "shop_id")
    with transaction.atomic():
        shop = _locked()
        if shop.shop_id not in ("", shop_id) and _is_waited_for():
            said = _(
                "Магазин № %s ещё ведёт платежи или возвраты. Смените его, когда они закончатся."
            )
            raise ShopNotReady(said % shop.shop_id, "shop_id")
        shop.shop_id, shop.secret_key = shop_id, secret_key
        _note(shop, facts)
        shop.save()
        audit_write(actor=actor, action="shop.connect", subject=shop_id, details=_said(facts))
    return shop


def shop_check(*, actor: StaffUser) -> Shop:
    """Ask the provider about the shop anew; one that must not take payments is switched off.

    Raises ShopNotReady. Outside of a transaction.
    """
    return _checked(actor, action="shop.check")


def shop_switch_on(*, actor: StaffUser) -> Shop:
    """Take payments from now on, if the check is good. Raises ShopNotReady. Outside of a transaction."""
    return _checked(actor, action="shop.on")


@transaction.atomic
def shop_switch_off(*, actor: StaffUser) -> None:
    """Take no new payments; those that were begun, refunds and reconciliation go on."""
    shop = _locked()
    if shop.is_on:
        _off(shop, actor)


@transaction.atomic
def shop_change(*, values: dict[str, Any], actor: StaffUser) -> list[str]:
    """Change settings of the shop; return the names of those that are other now."""
    shop = _locked()
    changed = {name: value for name, value in values.items() if getattr(shop, name) != value}
    if not changed:
        return []
    before = row_values(shop, changed)
    for name, value in changed.items():
        setattr(shop, name, value)
    shop.save(update_fields=list(changed))
    changes = changes_between(before, row_values(shop, changed))
    audit_write(actor=actor, action="shop.change", subject=shop.shop_id, changes=changes)
    return list(changed)


def _checked(actor: StaffUser, *, action: str) -> Shop:
    shop = shop_of_company()
    if shop is None or not shop.shop_id or not shop.secret_key:
        raise ShopNotReady(_("Сначала укажите номер магазина и секретный ключ."))
    asked = (shop.shop_id, shop.secret_key)
    gateway = gateway_made(shop.provider, shop_id=shop.shop_id, secret_key=shop.secret_key)
    facts, problem = None, ""
    try:
        facts = _asked(gateway)
    except ShopNotReady as error:
        if not isinstance(error.__cause__, GatewayRefused):
            raise
        problem = str(error)
    problem = problem or (shop_problem(facts, shop_id=asked[0]) if facts else "")
    with transaction.atomic():
        shop = _locked()
        if (shop.shop_id, shop.secret_key) != asked:
            raise ShopNotReady(_("За это время указали другой ключ. Проверьте ещё раз."))
        _note(shop, facts)
        _written(shop, action, problem, actor)
    if problem:
        raise ShopNotReady(problem)
    return shop


def _written(shop: Shop, action: str, problem: str, actor: StaffUser) -> None:
    """Save a checked shop: what must not take payments is off, what was asked to be on is on."""
    details = shop.checked | ({"problem": problem} if problem else {})
    audit_write(actor=actor, action="shop.check", subject=shop.shop_id, details=details)
    if problem and shop.is_on:
        _off(shop, actor)
    elif not problem and action == "shop.on" and not shop.is_on:
        shop.is_on = True
        audit_write(actor=actor, action="shop.on", subject=shop.shop_id)
    shop.save()


def _off(shop: Shop, actor: StaffUser) -> None:
    shop.is_on = False
    shop.save(update_fields=["is_on"])
    audit_write(actor=actor, action="shop.off", subject=shop.shop_id)


def _asked(gateway: PaymentGateway) -> ShopFacts:
    try:
        return gateway.shop_facts()
    except CredentialsRefused as error:
        said = _("ЮKassa не принимает этот номер магазина с этим ключом. Проверьте оба.")
        raise ShopNotReady(said, "secret_key") from error
    except GatewayRefused as error:
        said = _("ЮKassa не отвечает на вопрос о магазине: %s.") % error.reason
        raise ShopNotReady(said) from error
    except GatewayError as error:
        said = _(
            "ЮKassa сейчас не отвечает. Ничего не изменилось, попробуйте через несколько минут."
        )
        raise ShopNotReady(said) from error


def _locked() -> Shop:
    site = Site.objects.get(is_default_site=True)
    Shop.objects.get_or_create(site=site)
    shop: Shop = Shop.objects.select_for_update().get(site=site)
    return shop


def _note(shop: Shop, facts: ShopFacts | None) -> None:
    shop.checked_at = timezone.now() if facts else None
    shop.checked = _said(facts) if facts else {}


def _said(facts: ShopFacts) -> dict[str, Any]:
    """Return what the page shows of the provider's answer."""
    return {
        "shop_id": facts.shop_id,
        "is_enabled": facts.is_enabled,
        "is_test": facts.is_test,
        "inn": facts.inn,
        "methods": facts.methods,
        "has_till": facts.has_till,
    }


def _is_waited_for() -> bool:
    """Return whether the shop has payments or refunds whose outcome only its credentials can find out."""
    payments = Payment.objects.filter(state__in=IN_FLIGHT, sent_at__isnull=False)
    return payments.exists() or Refund.objects.filter(state__in=UNENDED).exists()

"""One text of the central office in all companies; Pskov has made it its own, and a newer version waits."""

import time

from django_tenants.utils import schema_context
from wagtail.models import Page

from cms_pages.first_pages.words import Block, as_json, notice, steps, text
from cms_pages.models import NewsCategory, SharedItem
from cms_pages.shared.delivering import shared_deliver
from cms_pages.shared.sending import shared_send
from devtools.demo.data.companies import COMPANIES
from portal.staff.models import StaffUser
from tenants.models import GasCompany, SharedDelivery, SharedVersion
from tenants.schemas import in_company

TITLE = "Угарный газ: как не отравиться в морозы"
LEAD = "С холодами растёт число отравлений угарным газом. Эти правила спасают жизнь."
WHAT_TO_DO = (
    ("Проверьте тягу", "Поднесите к вытяжке полоску бумаги: она должна притягиваться."),
    ("Приоткройте окно", "Пока горит колонка или котёл, в комнату должен идти свежий воздух."),
    ("Не закрывайте вентиляцию", "Ни решёткой, ни шкафом, ни обоями."),
)
DETECTOR = (
    "Поставьте датчик",
    "Сигнализатор предупредит об угарном газе раньше, чем станет плохо. Стоит он от 1 500 ₽.",
)
NOTE = "Добавлено правило о датчике угарного газа."
OURS = "В Пскове тягу бесплатно проверит мастер: (8112) 59-50-50, по будням с 8 до 17 часов."


def shared_sample_load() -> None:
    """Load the shared texts once; an interrupted run is continued."""
    if SharedVersion.objects.filter(number=2).exists():
        return
    with schema_context("public"):
        item = SharedItem.objects.first() or _write()
    _send(item, "")
    pskov_adapt()
    with schema_context("public"):
        item.body = as_json(_body((*WHAT_TO_DO, DETECTOR), item))
        item.save()
        item.save_revision()
    _send(item, NOTE)


def _write() -> SharedItem:
    category, _ = NewsCategory.objects.get_or_create(
        name="Безопасность", defaults={"slug": "безопасность"}
    )
    item = SharedItem(
        title=TITLE,
        lead=LEAD,
        body=as_json(_body(WHAT_TO_DO)),
    )
    item.categories = [category]
    item.full_clean()
    item.save()
    item.save_revision()
    return item


def _body(rules: tuple[tuple[str, str], ...], before: SharedItem | None = None) -> list[Block]:
    """Return the body with the keys of the earlier blocks, so that versions can be compared."""
    intro = (
        "<p>У угарного газа нет ни цвета, ни запаха. Он образуется, когда котлу или колонке не хватает "
        "воздуха.</p>"
    )
    alarm = "<p>Откройте окна, выйдите на улицу и звоните <b>112</b> или <b>104</b>.</p>"
    blocks = [
        text(intro),
        steps(*rules),
        notice("danger", "Болит голова, тошнит, клонит в сон?", alarm),
    ]
    if before is not None:
        for block, old in zip(blocks, before.body, strict=True):
            block["id"] = old.id
    return blocks


def _send(item: SharedItem, note: str) -> None:
    schemas = [company.schema for company in COMPANIES]
    with schema_context("public"):
        shared_send(
            item_id=item.pk,
            companies=list(GasCompany.objects.filter(schema_name__in=schemas)),
            publish=True,
            new_companies="all",
            note=note,
            actor=StaffUser.objects.get(username="admin"),
        )
    for delivery in SharedDelivery.objects.filter(item=item.pk).select_related("company"):
        with in_company(delivery.company):
            _deliver(delivery)


def _deliver(delivery: SharedDelivery) -> None:
    """Deliver, or wait for the worker that has begun to: one runs when older data is gone on with."""
    waiting = SharedDelivery.objects.filter(pk=delivery.pk, state=SharedDelivery.State.WAITING)
    for _ in range(600):
        if shared_deliver(delivery_id=delivery.pk) or not waiting.exists():
            return
        time.sleep(0.1)


def pskov_adapt() -> None:
    """Change the copy as an editor of Pskov would."""
    with in_company(GasCompany.objects.get(schema_name="pskov")):
        delivery = SharedDelivery.objects.get(company__schema_name="pskov")
        page = Page.objects.get(pk=delivery.page).specific.get_latest_revision_as_object()
        if len(page.body) > len(_body(WHAT_TO_DO)):
            return
        page.body.append(("notice", {"kind": "info", "title": "", "text": f"<p>{OURS}</p>"}))
        moderator = StaffUser.objects.get(username="moderator")
        page.save_revision(user=moderator, log_action=True).publish(user=moderator)

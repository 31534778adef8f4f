"""Sending of shared content: versions, and a delivery for each company. Public is entered."""

import json
import uuid
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tenants.utils import schema_context

from cms_pages.shared.exceptions import SharedRefused
from cms_pages.shared.files import file_packed
from cms_pages.shared.models import SharedItem
from cms_pages.shared.pages import WORDS
from cms_pages.shared.references import body_replaced
from portal.audit.services import audit_write
from portal.jobs import job_restart
from portal.staff.models import StaffUser
from tenants.models import GasCompany, SharedDelivery, SharedVersion

State, Wish = SharedDelivery.State, SharedDelivery.Wish


@transaction.atomic
def shared_send(
    *,
    item_id: uuid.UUID,
    companies: Iterable[GasCompany],
    publish: bool,
    new_companies: str,
    note: str,
    actor: StaffUser,
) -> SharedVersion:
    """Put the content as it is now on its way to each of these companies, a job a company.

    The same content again is the same version, and is not delivered twice. `new_companies` is one of
    `SharedVersion.NewCompanies`. Raises SharedRefused with the reason.
    """
    item = SharedItem.objects.select_for_update().get(pk=item_id)
    version = _version(item, note.strip(), actor)
    version.new_companies, version.new_companies_publish = new_companies, publish
    version.save(update_fields=["new_companies", "new_companies_publish"])
    _put_all("shared.sent", companies, version, Wish.PUBLISH if publish else Wish.DRAFT, actor)
    return version


@transaction.atomic
def shared_withdraw(
    *, item_id: uuid.UUID, companies: Iterable[GasCompany], actor: StaffUser
) -> None:
    """Withdraw the content from these companies' sites, and from new companies.

    Where it was adapted, the company decides. Raises SharedRefused when it was never sent.
    """
    item = SharedItem.objects.select_for_update().get(pk=item_id)
    version = _last(item)
    if version is None:
        raise SharedRefused(_("Этот материал ещё никому не отправляли."))
    version.new_companies = SharedVersion.NewCompanies.NONE
    version.save(update_fields=["new_companies"])
    had = GasCompany.objects.filter(
        shared_deliveries__item=item.pk, pk__in=[one.pk for one in companies]
    )
    _put_all("shared.withdrawn", had, version, Wish.WITHDRAW, actor)


@transaction.atomic
def shared_retry(*, item_id: uuid.UUID, delivery_id: int) -> None:
    """Deliver once more, after the cause of the failure was mended."""
    failed = SharedDelivery.objects.select_for_update().filter(item=item_id, state=State.FAILED)
    for delivery in failed.filter(pk=delivery_id):
        _restart(delivery)


def shared_for_new_company(company: GasCompany) -> None:
    """Send what is meant for new companies too. A step of provisioning, in the company's schema."""
    for version in SharedVersion.all_for_new(company.kind):
        wish = Wish.PUBLISH if version.new_companies_publish else Wish.DRAFT
        _put(company, version, wish, version.made_by)


def content_of(item: SharedItem) -> dict[str, Any]:
    """Return everything that a company needs, as plain JSON. Puts files aside.

    Raises SharedRefused for a picture or a document that is gone.
    """
    files: dict[str, dict[str, Any]] = {}

    def pack(kind: str, number: Any) -> str:
        key, about = file_packed(kind, number)
        files[key] = about
        return key

    said, is_news = json.loads(item.to_json()), item.kind == SharedItem.Kind.NEWS
    return {
        **{name: said[name] for name in (*WORDS, "kind", "slug", "section", "in_menu")},
        "body": body_replaced(json.loads(said["body"]), pack),
        "picture": pack("image", item.picture_id) if is_news and item.picture_id else None,
        "categories": [
            {"name": one.name, "slug": one.slug} for one in item.categories.all() if is_news
        ],
        "files": files,
    }


def _version(item: SharedItem, note: str, actor: StaffUser) -> SharedVersion:
    content, last = content_of(item), _last(item)
    if last is not None and last.content == content:
        return last
    return SharedVersion.objects.create(
        item=item.pk,
        number=last.number + 1 if last else 1,
        title=item.title,
        content=content,
        note=note,
        made_by=actor.get_username(),
    )


def _last(item: SharedItem) -> SharedVersion | None:
    return SharedVersion.objects.filter(item=item.pk).order_by("-number").first()


def _put_all(
    action: str,
    companies: Iterable[GasCompany],
    version: SharedVersion,
    wish: str,
    actor: StaffUser,
) -> None:
    by = actor.get_username()
    put = [one.name for one in companies if _put(one, version, wish, by)]
    details = {"version": version.number, "companies": put}
    audit_write(actor=actor, action=action, subject=version.title, details=details)


def _put(company: GasCompany, version: SharedVersion, wish: str, by: str) -> bool:
    """Start a delivery, unless the company has this version. Return whether it was started."""
    settled = {State.DONE, State.OFFERED, State.DECLINED, State.REMOVED}
    delivery, is_new = SharedDelivery.objects.select_for_update().get_or_create(
        company=company,
        item=version.item,
        defaults={"version": version, "wish": wish, "requested_by": by},
    )
    same = (delivery.version_id, delivery.wish) == (version.pk, wish)
    if not is_new and same and delivery.state in settled:
        return False
    delivery.version, delivery.wish, delivery.requested_by = version, wish, by
    delivery.requested_at = timezone.now()
    delivery.company = company
    _restart(delivery)
    return True


def _restart(delivery: SharedDelivery) -> None:
    delivery.state, delivery.settled_at = State.WAITING, None
    delivery.save()
    with schema_context(delivery.company.schema_name):
        job_restart(delivery)

"""A month's files on the desk «Рассылки», whose app is below: `{% load bill_run_tags %}`."""

from typing import Any

from django import template

from cabinet.bills.addresses import month_named
from cabinet.bills.many.progress import run_progress
from cabinet.bills.models import BillRun
from cabinet.subscriptions.models import Mailing, Subscription

register = template.Library()


@register.inclusion_tag("cabinet/bills/desk/run_line.html")
def bill_run_of(mailing: Mailing) -> dict[str, Any]:
    """Show how far the files are that a mailing of bills sends; nothing for another one."""
    if mailing.kind != Subscription.Kind.BILL:
        return {}
    return _line(BillRun.objects.filter(month=month_named(mailing.key)).first())


@register.inclusion_tag("cabinet/bills/desk/run_line.html")
def bill_run_newest() -> dict[str, Any]:
    """Show how far the files of the newest month are."""
    return _line(BillRun.objects.order_by("-month").first())


def _line(run: BillRun | None) -> dict[str, Any]:
    return {"run": run, "progress": run_progress(run)} if run else {}

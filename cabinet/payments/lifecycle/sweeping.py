"""What beat does for payments: tasks that were lost are sent again, and what nobody needs is forgotten."""

import datetime

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from cabinet.payments.models import (
    AutoPaymentRun,
    Payment,
    Reconciliation,
    Refund,
    WebhookEvent,
)
from cabinet.payments.refunds.syncing import refunds_sweep
from portal.jobs import Job, jobs_sweep, rows_work_off

_BATCH = 500
_JOBS: tuple[type[Job], ...] = (Payment, WebhookEvent, AutoPaymentRun, Reconciliation)


def payments_sweep() -> None:
    """Send the tasks of all jobs of payments that are due. A query each where nothing is."""
    for model in _JOBS:
        jobs_sweep(model._default_manager.all())
    refunds_sweep()


def payments_forget() -> None:
    """Delete handled notifications, and what is in payments that ended long ago: requests and addresses."""
    now = timezone.now()
    webhooks = now - datetime.timedelta(days=settings.PAYMENT_WEBHOOK_DAYS)
    rows_work_off(
        WebhookEvent.objects.filter(received_at__lt=webhooks, due_at__isnull=True),
        _delete,
        batch=_BATCH,
    )
    bodies = now - datetime.timedelta(days=settings.PAYMENT_BODY_DAYS)
    holds_something = Q(body__isnull=False) | Q(email__isnull=False)
    rows_work_off(Payment.objects.filter(holds_something, ended_at__lt=bodies), _wipe, batch=_BATCH)
    refunds = Refund.objects.filter(body__isnull=False, ended_at__lt=bodies)
    rows_work_off(refunds, _wipe_refunds, batch=_BATCH)


def _delete(rows: list[WebhookEvent]) -> None:
    WebhookEvent.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _wipe(rows: list[Payment]) -> None:
    Payment.objects.filter(pk__in=[row.pk for row in rows]).update(
        body=None, email=None, confirmation_url="", confirmation_data="", provider_state={}
    )


def _wipe_refunds(rows: list[Refund]) -> None:
    Refund.objects.filter(pk__in=[row.pk for row in rows]).update(body=None, provider_state={})

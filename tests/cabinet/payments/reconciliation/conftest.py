"""Nights of yesterday, with a shop that is open."""

import datetime

import pytest
from django.utils import timezone

from cabinet.payments.models import Difference
from cabinet.payments.reconciliation.days import day_of
from cabinet.payments.reconciliation.services import (
    reconciliation_again,
    reconciliation_run,
)
from portal.staff import roles
from portal.staff.services import staff_create
from tests.support.factories import PASSWORD
from tests.support.provider import shop_open


@pytest.fixture
def cashier(pskov):
    return staff_create(username="anna", password=PASSWORD, groups=[roles.CASHIERS])


@pytest.fixture(autouse=True)
def _shop(pskov, books):
    shop_open()


@pytest.fixture
def yesterday():
    return timezone.localdate() - datetime.timedelta(days=1)


@pytest.fixture
def at(yesterday):
    return day_of(yesterday)[0] + datetime.timedelta(hours=12)


@pytest.fixture
def night(cashier, yesterday):
    """Run the reconciliation of yesterday and return what is open, by kind."""

    def night(day=None):
        run = reconciliation_again(day=day or yesterday, actor=cashier)
        assert reconciliation_run(run.pk)
        return sorted(Difference.objects.filter(closed_at=None).values_list("kind", flat=True))

    return night

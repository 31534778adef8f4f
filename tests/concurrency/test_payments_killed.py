"""Web, worker and sandbox as processes, all of which die: afterwards every rouble is in the ledger once."""

import itertools
import os
import signal
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from cabinet.payments.lifecycle.sweeping import payments_sweep
from cabinet.payments.lifecycle.webhooks import webhooks_take
from cabinet.payments.models import Payment
from tests.support.clock import Clock
from tests.support.jobs import swept
from tests.support.payment_machine import COMPANIES, World
from tests.support.payment_sandbox import SandboxProcess
from tests.support.processes import forked, wait_for


@pytest.fixture
def world(
    own_db: str,
    clock: Clock,
    shop_set_up: Callable[..., Any],
    payment_sandbox_process: SandboxProcess,
) -> World:
    world = World(payment_sandbox_process, clock, shop_set_up)
    world.forget()
    return world


def web(world: World) -> None:
    for company, _ in itertools.product(COMPANIES, range(3)):
        world.pay_begin(company, "194.32")


def worker(world: World) -> None:
    while True:
        for company in COMPANIES:
            with world.inside(company):
                Payment.objects.filter(due_at__isnull=False, claimed_at=None).update(
                    due_at=timezone.now()
                )
                webhooks_take()
                swept(payments_sweep)


def pay_all(sandbox: SandboxProcess) -> None:
    for one in sandbox.payments():
        if one["status"] == "pending":
            sandbox.pay(one["id"])


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


@pytest.mark.parametrize(
    ("fault", "dies_with_it"),
    [("die_before", "web"), ("die_after", "worker"), ("die_after", "both")],
)
def test_processes_die_in_the_middle_of_payments(
    world: World, payment_sandbox_process: SandboxProcess, fault: str, dies_with_it: str
) -> None:
    sandbox = payment_sandbox_process
    for operation in ("create", "get"):
        sandbox.scenario(fault, operation=operation)
        processes = {"web": forked(lambda: web(world)), "worker": forked(lambda: worker(world))}
        wait_for(sandbox.has_died)
        for name in ("web", "worker"):
            if dies_with_it in (name, "both"):
                kill(processes.pop(name))
        sandbox.start()
        if "web" in processes:
            os.waitpid(processes.pop("web"), 0)
        pay_all(sandbox)
        for pid in processes.values():
            kill(pid)
    web(world)  # nothing that has died is in the way of those that come after
    pay_all(sandbox)
    world.settle()
    world.check()
    assert all(sandbox.taken(company) > 0 for company in COMPANIES)

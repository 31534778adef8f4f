"""Random sequences of all that can happen: afterwards the ledgers and the sandbox say the same.

Each run tries the same few sequences. `PAYMENT_SEQUENCES=2000` tries so many new ones; with
`PAYMENT_SEED` in the same order again (and `-o faulthandler_timeout=0`: a hundred take minutes).
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.support.payment_machine import COMPANIES, World

SEQUENCES = int(os.environ.get("PAYMENT_SEQUENCES", "0"))
SEED = os.environ.get("PAYMENT_SEED", "")

which = st.integers(0, 11)
companies = st.sampled_from(COMPANIES)
sums = st.sampled_from(["1.00", "194.32", "1111.10", "349.99"])
faults = st.sampled_from(
    ["drop_after", "error_after", "html_after", "drop_before", "error_before", "too_many"]
)
calls = st.sampled_from(
    ["create", "create", "create", "get", "list", "refund", "refund_get", "any"]
)
cards = st.sampled_from(
    ["good", "good", "gis", "insufficient_funds", "twice", "never", "late", "reordered"]
)


class Payments(RuleBasedStateMachine):
    world: World

    @initialize(sum_of=sums)
    def begin(self, sum_of: str) -> None:
        self.world.begin()
        for company in COMPANIES:
            self.world.pay_begin(company, sum_of)

    @rule(company=companies, sum_of=sums)
    def a_form(self, company: str, sum_of: str) -> None:
        self.world.pay_begin(company, sum_of)

    @rule(company=companies, sum_of=sums, fault=faults)
    def a_form_and_trouble(self, company: str, sum_of: str, fault: str) -> None:
        self.world.trouble(fault, "create")
        self.world.pay_begin(company, sum_of)

    @rule(
        company=companies,
        fault=st.sampled_from(["drop_after", "error_after", "drop_before"]),
        minutes=st.sampled_from([1210, 1530]),
    )
    def an_answer_lost_for_a_day(self, company: str, fault: str, minutes: int) -> None:
        self.world.trouble(fault, "create")
        self.world.pay_begin(company, "194.32")
        self.world.time_passes(minutes)

    @precondition(lambda self: self.world.forms)
    @rule(form=which)
    def a_form_again(self, form: int) -> None:
        self.world.pay_begin("", "", form)

    @rule(number=which, card=cards)
    def paid(self, number: int, card: str) -> None:
        self.world.at_the_bank(number, card)

    @rule(number=which, what=st.sampled_from(["cancel", "release"]))
    def at_the_bank(self, number: int, what: str) -> None:
        self.world.at_the_bank(number, what)

    @rule(number=which, how=st.sampled_from(["right", "right", "elsewhere", "forged", "stranger"]))
    def notified(self, number: int, how: str) -> None:
        self.world.notified(number, how)

    @rule(number=which)
    def page_opened(self, number: int) -> None:
        self.world.page_opened(number)

    @rule(number=which, part=st.integers(1, 4), outcome=st.sampled_from(["succeeded", "pending"]))
    def refund(self, number: int, part: int, outcome: str) -> None:
        self.world.sandbox.switch(refunds=outcome)
        self.world.refund(number, part)

    @rule(number=which, reason=st.sampled_from(["", "insufficient_funds"]))
    def refund_finished(self, number: int, reason: str) -> None:
        self.world.refund_finished(number, reason)

    @rule(fault=faults, call=calls)
    def trouble(self, fault: str, call: str) -> None:
        self.world.trouble(fault, call)

    @rule(minutes=st.sampled_from([1, 5, 59, 240, 1210, 1530]))
    def time_passes(self, minutes: int) -> None:
        self.world.time_passes(minutes)

    @rule(company=companies)
    def swept(self, company: str) -> None:
        self.world.swept(company)

    @rule(
        statement=st.integers(1, 40),
        step=st.sampled_from(["form", "page", "sweep", "notice", "refund"]),
        company=companies,
        number=which,
    )
    def killed(self, statement: int, step: str, company: str, number: int) -> None:
        world = self.world
        world.listen()
        steps: dict[str, Any] = {
            "form": lambda: world.pay_begin(company, "194.32"),
            "page": lambda: world.page_opened(number),
            "sweep": lambda: world.swept(company),
            "notice": lambda: world.notified(number, "right"),
            "refund": lambda: world.refund(number, 1),
        }
        world.killed(statement, steps[step])

    @invariant()
    def never_more_than_taken(self) -> None:
        if hasattr(self.world, "heard"):
            self.world.never_more_than_taken()

    def teardown(self) -> None:
        if hasattr(self.world, "heard"):
            self.world.settle()
            self.world.check()


@pytest.fixture
def world(own_db, payment_sandbox, shop_set_up, clock) -> World:
    return World(payment_sandbox, clock, shop_set_up)


def test_every_rouble_once(world: World) -> None:
    Payments.world = world
    steady = settings(
        max_examples=SEQUENCES or 8,
        stateful_step_count=25,
        derandomize=not SEQUENCES,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink] if SEQUENCES else [Phase.generate],
    )
    machine = seed(int(SEED))(Payments) if SEED else Payments
    run_state_machine_as_test(machine, settings=steady)

"""Killed in the middle of whatever it does, it has what it has answered."""

import os
import subprocess
import sys
import threading

import pytest
import requests

from tests.devtools.sandbox.asking import Client, money, payment_body


def test_a_kill_loses_nothing_that_was_answered(payment_sandbox_process):
    it = payment_sandbox_process
    client = Client(it, it.shop("pskov"))
    answered: dict[str, str] = {}
    is_over = threading.Event()

    def ask(number: int) -> None:
        turn = 0
        while not is_over.is_set():
            turn += 1
            key = f"{number}-{turn}"
            try:
                answer = client.post("/payments", payment_body(), key)
            except requests.RequestException:
                continue
            assert answer.status_code == 200
            answered[key] = answer.json()["id"]

    threads = [threading.Thread(target=ask, args=[number]) for number in range(3)]
    for thread in threads:
        thread.start()
    for goal in (5, 10, 15):
        while len(answered) < goal:
            threads[0].join(0.01)
        it.kill()
        it.start()
    is_over.set()
    for thread in threads:
        thread.join()

    stored = {one["id"] for one in it.payments("pskov")}
    assert set(answered.values()) <= stored
    for key, name in answered.items():
        again = client.post("/payments", payment_body(), key).json()
        assert again["id"] == name


@pytest.mark.parametrize(("fault", "made"), [("die_before", 0), ("die_after", 1)])
def test_a_key_after_a_death_is_one_payment(payment_sandbox_process, fault, made):
    it = payment_sandbox_process
    client = Client(it, it.shop("pskov"))
    it.scenario(fault, operation="create")
    with pytest.raises(requests.ConnectionError):
        client.post("/payments", payment_body(), "key")
    it.wait_until_dead()
    assert len(it.payments()) == made
    it.start()
    again = client.post("/payments", payment_body(), "key").json()
    assert [one["id"] for one in it.payments()] == [again["id"]]
    it.pay(again["id"])
    refund = client.post("/refunds", {"payment_id": again["id"], "amount": money("194.39")}).json()
    assert refund["status"] == "succeeded"
    assert it.taken() == it.returned()


def test_it_refuses_production(tmp_path):
    found = subprocess.run(
        [sys.executable, "-m", "devtools.sandbox", str(tmp_path / "state")],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "portal.settings.production"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert found.returncode != 0
    assert "не работает с рабочими настройками" in found.stderr
    assert not (tmp_path / "state").exists()

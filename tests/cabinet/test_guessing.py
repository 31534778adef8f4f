"""No way from what guest pages show to what linking asks, for every account of the demo and every proof."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from wagtail.models import Site

from cabinet.accounts.models import PersonalAccount
from cabinet.accounts.proofs import Proof, proof_of, proofs_for
from cabinet.billing.common_sums import common_sums_count
from cabinet.exchange.package.apply import package_apply
from cms_pages.models import BrandSettings
from devtools.demo.data.companies import COMPANIES, DemoCompany
from tenants.models import GasCompany
from tests.support.factories import agree, logged_in, make_account, make_meter, text_of
from tests.support.guessing import ATTACKS, Neighbours, Seen, guest_paths, look, plain_guesses
from tests.support.linking import link_by_wizard

ENOUGH = 10_000
# Which accounts of the demo are linked by what, beside those that have a meter's number.
LINKED_BY = {
    "pskov": [
        ("805107", "meter", "7416852"),
        ("805112", "payment", "182.36"),
        ("806018", "bill", "956.24"),
    ],
    "novgorod": [("510080", "meter", "1633087254"), ("512007", "bill", "1362.82")],
    "yugra": [("8600220999", "bill", "2281.61"), ("8600220999", "payment", "561.37")],
}
REGION = "Псковская область"


def demo_load(company: GasCompany, demo: DemoCompany, folder: Path) -> None:
    """Load the sample package of a demo's company and made-up neighbours as if they were this one's."""
    company.kind = demo.kind
    company.save()
    sample, neighbours = folder / "sample", folder / "neighbours"
    shutil.copytree(settings.BASE_DIR / "samples" / demo.schema, sample)
    manifest = sample / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"tenant": "pskov"}))
    given = ["--accounts", "40", "--months", "1", "--seed", "2026", "--last-month", "2026-10"]
    call_command("billing_sample", "pskov", str(neighbours), *given)
    for package in (neighbours, sample):  # in the order of their days
        package_apply(company=company, path=package)
    assert common_sums_count(1)


@pytest.fixture
def pskov(pskov: GasCompany) -> GasCompany:
    """The company has a telephone."""
    site = Site.objects.get(is_default_site=True)
    BrandSettings.objects.update_or_create(site=site, defaults={"phone": "(8112) 59-50-50"})
    return pskov


def seen_accounts(company: GasCompany) -> list[Seen]:
    """Look at all accounts that are open."""
    paths = guest_paths(company)
    return [
        look(one, company, REGION, paths) for one in PersonalAccount.objects.filter(closed_on=None)
    ]


def test_every_proof_has_its_attack(pskov):
    codes = {proof.code for kind in GasCompany.Kind for proof in proofs_for(kind)}
    assert codes == set(ATTACKS)


def read(proof: Proof, text: str) -> str | None:
    """Return what the proof makes of it; None for what it takes for no answer."""
    try:
        return proof.read(text)
    except ValueError:
        return None


@pytest.mark.parametrize("demo", COMPANIES, ids=lambda demo: demo.schema)
def test_no_proof_of_the_demo_is_guessed(demo, pskov, tmp_path, clock):
    clock.at("2026-11-28T12:00")
    demo_load(pskov, demo, tmp_path)
    known, everyone = Neighbours.of_company(), seen_accounts(pskov)
    for proof in proofs_for(pskov.kind):
        accepted: Counter[str] = Counter()
        for seen in everyone:
            answers = proof.answers(seen.account)
            accepted.update(answers)
            guesses = ATTACKS[proof.code](seen, known)
            weak = {answer for answer in answers if guesses[answer] < ENOUGH}
            assert not weak, (seen.account.account_number, proof.code, weak)
            tried = {read(proof, text) for text in plain_guesses(seen, known)}
            assert not tried & set(answers), (seen.account.account_number, proof.code)
        assert all(count == 1 for count in accepted.values()), "an answer of several accounts"
    # Proofs that are offered to hardly anybody would pass as well.
    offered = {
        seen.account.account_number: {
            (proof.code, answer)
            for proof in proofs_for(pskov.kind)
            for answer in proof.answers(seen.account)
        }
        for seen in everyone
    }
    for number, code, answer in LINKED_BY[demo.schema]:
        assert (code, answer) in offered[number]
    provable = {number for number, answers in offered.items() if answers}
    if pskov.is_gas:
        assert len(provable) > 0.8 * len(everyone)
    else:
        # Area times rate is what a fund's people are billed and pay: an operator gives them the account.
        assert provable == {"8600220999"}


WEAK = {
    "none": "б/н",
    "zeros": "0000",
    "a word": "без номера",
    "a row": "1234567",
    "backwards": "98765432",
    "one digit": "11111111",
    "pairs": "12121212",
    "short": "0004821",
    "a day": "20190318004",
    "a day, German": "18032019004",
    "a short day": "190318004",
    "the account": "1806233",
    "letters": "АБВГД123",
}


@pytest.mark.parametrize("number", WEAK.values(), ids=list(WEAK))
def test_a_number_that_can_be_guessed_is_not_asked_for(number, pskov, owner):
    account = make_account("1806233")
    make_meter(account, serial_number=number)
    assert_not_asked_for(account, pskov, owner)


def test_nor_is_one_that_several_accounts_have(pskov, owner):
    account = make_account("1806233")
    make_meter(account, serial_number="0741 6852")
    assert proof_of("gas", "meter").answers(account)
    make_meter(make_account("900"), "m-9", serial_number="7416852")
    assert_not_asked_for(account, pskov, owner)


def test_nor_one_that_begins_as_most_of_its_model_do(pskov, owner):
    account = make_account("1806233")
    make_meter(account, serial_number="20194852")
    assert proof_of("gas", "meter").answers(account)
    for number in range(20):
        make_meter(
            make_account(f"9{number}"), f"o-{number}", serial_number=f"2019{number * 397:04}"
        )
    make_meter(make_account("800"), "o-x", model="Гранд", serial_number="20194852")
    assert_not_asked_for(account, pskov, owner)


def assert_not_asked_for(account: PersonalAccount, company: GasCompany, person) -> None:
    """The attack finds it, so the page says that the number is no proof, and takes no answer."""
    seen = look(account, company, REGION, guest_paths(company))
    guesses = ATTACKS["meter"](seen, Neighbours.of_company())
    assert min(guesses.values()) < ENOUGH
    agree(person, company)
    client = logged_in(person, "pskov.gas.localhost")
    named = {"region": REGION, "account_number": account.account_number, "initials": "ОЕГ"}
    serial = account.meters.get().serial_number
    page = text_of(link_by_wizard(client, named | {"serial_number": serial}))
    assert "нам не о чем спросить" in page
    assert "Позвоните нам" in page and "(8112) 59-50-50" in page
    wrong = text_of(link_by_wizard(client, named | {"initials": "АБВ", "serial_number": "1"}))
    assert "Не нашли лицевой счёт" in wrong

"""How accesses end, and who was a delegate links the account by an operator alone."""

import datetime

import pytest
from django.utils import timezone

from cabinet.accounts.delegates.services import delegations_forget, delegations_sweep
from cabinet.subscribers.models import AccountLink, Delegation, Subscriber
from portal.messaging.models import Message
from tests.support.delegates import kinds, make_delegate
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    text_of,
)
from tests.support.linking import link_by_wizard


@pytest.mark.parametrize(
    "by", ["delegate", "owner's unlinking", "owner's deletion", "delegate's deletion"]
)
def test_either_can_end_it(link, helper, helper_client, owner_client, pskov, by):
    own = make_delegate(link, helper)
    if by == "delegate":
        helper_client.post(f"/cabinet/accounts/{own.pk}/unlink/")
    elif by == "owner's unlinking":
        owner_client.post(f"/cabinet/accounts/{link.pk}/unlink/")
    else:
        (link.subscriber if by == "owner's deletion" else helper).delete()
        delegations_sweep(pskov)
    what = Delegation.objects.get().events.first().what
    assert (
        what
        == {
            "delegate": "ended_self",
            "owner's unlinking": "ended_link",
            "owner's deletion": "ended_link",
            "delegate's deletion": "gone",
        }[by]
    )
    assert not AccountLink.objects.filter(delegation__isnull=False).exists()
    people = Message.objects.filter(kind="delegate_ended").values_list("recipient", flat=True)
    assert (
        set(people)
        == {
            "delegate": {"owner@mail.ru", "helper@mail.ru"},
            "owner's unlinking": {"owner@mail.ru", "helper@mail.ru"},
            "owner's deletion": {"helper@mail.ru"},
            "delegate's deletion": {"owner@mail.ru"},
        }[by]
    )
    if by == "delegate's deletion":
        delegations_forget()
        assert Delegation.objects.get().contact == ""


def test_what_ended_a_year_ago_is_forgotten(link, helper, pskov, clock):
    make_delegate(link, helper)
    Delegation.objects.update(ended_at=timezone.now())
    clock.forward(datetime.timedelta(days=365))
    delegations_forget()
    assert Delegation.objects.exists()
    clock.forward(datetime.timedelta(days=2))
    delegations_forget()
    assert not Delegation.objects.exists()


# --- a delegate who links the account for himself -------------------------------------------------------


@pytest.mark.parametrize("who", ["delegate", "former", "registered anew", "by the other contact"])
def test_a_delegate_who_links_for_himself_goes_to_the_operator(
    link, helper, pskov, account, who: str
):
    """A right answer is what he has seen; a wrong one is answered like anybody's, and nothing is told."""
    if who == "by the other contact":
        Subscriber.objects.filter(pk=helper.pk).update(phone="+79111234567")
        helper.refresh_from_db()
    make_delegate(link, helper)
    person = helper
    if who != "delegate":
        helper.account_links.all().delete()
        Delegation.objects.update(ended_at=timezone.now() - datetime.timedelta(days=300))
    if who in ("registered anew", "by the other contact"):
        helper.delete()
        contact = {"phone": "+79111234567"} if "other" in who else {"email": "helper@mail.ru"}
        person = Subscriber.objects.create(**contact, password="x")
        agree(person, pskov)
    client = logged_in(person, PSKOV_HOST)
    link_by_wizard(client, {"serial_number": "1111111"})
    assert "delegate_tried_to_link" not in kinds()
    for _ in range(2):
        page = text_of(link_by_wizard(client))
        assert "доверенному лицу" in page and "apply" in page
    holders = Subscriber.objects.filter(account_links__in=AccountLink.objects.holders())
    assert [one.email for one in holders] == ["owner@mail.ru"]
    assert kinds().count("delegate_tried_to_link") == 1


def test_after_a_year_a_proof_is_enough_again(link, helper, pskov, account):
    make_delegate(link, helper)
    helper.account_links.all().delete()
    Delegation.objects.update(ended_at=timezone.now() - datetime.timedelta(days=370))
    link_by_wizard(logged_in(helper, PSKOV_HOST))
    assert helper.account_links.get().delegation is None

"""A holder lets somebody in: invited, accepted, used, ended; through HTTP."""

import datetime
import re

from django.utils import timezone

from cabinet.subscribers.models import AccountLink, Delegation, Subscriber
from portal.messaging.models import Message
from tests.support.delegates import kinds
from tests.support.factories import (
    PSKOV_HOST,
    agree,
    logged_in,
    make_link,
    make_subscriber,
    text_of,
    without_ids,
)
from tests.support.readings import sent


def invitation_address() -> str:
    text = Message.objects.filter(kind="delegate_invitation").latest("created_at").text
    found = re.search(r"/cabinet/delegations/[\w-]+/", text)
    assert found, text
    return found[0]


def form(contact: str = "helper@mail.ru", **more: str) -> dict[str, str]:
    day = timezone.localdate() + datetime.timedelta(days=30)
    return {"email": contact, "right": "send", "ends_on": day.isoformat(), **more}


def test_invited_accepted_used_ended(owner_client, link, account, helper, helper_client, pskov):
    """Step by step as people do it, with all letters and the log that the holder reads."""
    pages = f"/cabinet/{link.pk}/delegates/"
    asked = owner_client.post(f"{pages}invite/", form(), follow=True)
    assert "Приглашение отправлено: helper@mail.ru" in text_of(asked)
    address = invitation_address()
    offered = text_of(helper_client.get(address))
    assert "o…@mail.ru" in offered and account.masked_name in offered
    assert account.account_number not in offered
    accepted = helper_client.post(address, follow=True)
    own = helper.account_links.get()
    assert accepted.redirect_chain[-1][0] == f"/cabinet/{own.pk}/"
    assert account.account_number in text_of(accepted)
    helper_client.post(f"/cabinet/{own.pk}/readings/", sent(account.meters.get(), 1905))
    log = text_of(owner_client.get(pages))
    for said in ("приглашение отправлено", "приглашение принято", "открывал", "передал показания"):
        assert said in log
    given = Delegation.objects.get()
    owner_client.post(f"{pages}{given.pk}/end/")
    assert helper_client.get(f"/cabinet/{own.pk}/").status_code == 404
    assert not helper.account_links.exists()
    assert "доступ закрыт владельцем" in text_of(owner_client.get(pages))
    assert kinds() == [
        "delegate_invitation",
        "delegate_accepted",
        "readings_received",
        "readings_sent_by_other",
        "delegate_ended",
        "delegate_ended",
    ]
    assert text_of(helper_client.get(address)).count("больше не действует") == 1


def test_without_a_login_the_letter_names_no_account(guest, owner_client, link, account):
    owner_client.post(f"/cabinet/{link.pk}/delegates/invite/", form())
    letter = Message.objects.get(kind="delegate_invitation")
    page = text_of(guest.get(invitation_address()))
    for text in (page, letter.text, letter.html):
        shown = without_ids(re.sub(r"/delegations/[\w-]+", "", text))
        assert account.account_number not in shown and account.masked_name not in shown
        assert "owner@mail.ru" not in shown
    # Nothing is accepted by a visitor, and a GET accepts nothing.
    assert guest.post(invitation_address()).status_code == 200
    assert Delegation.objects.get().accepted_at is None


def test_a_forwarded_invitation_opens_nothing(owner_client, stranger, link, pskov):
    agree(stranger, pskov)
    owner_client.post(f"/cabinet/{link.pk}/delegates/invite/", form())
    other = logged_in(stranger, PSKOV_HOST)
    page = text_of(other.post(invitation_address()))
    assert "Приглашение отправлено на" in page and "h…@mail.ru" in page
    assert not stranger.account_links.exists()
    own = f"/cabinet/invitations/{Delegation.objects.get().pk}/"
    assert other.get(own).status_code == other.post(own).status_code == 404


def test_an_invitation_waits_until_the_person_has_registered(owner_client, link, pskov):
    """The letter came before there was a cabinet; «Управление» offers it, with the company's consent."""
    owner_client.post(f"/cabinet/{link.pk}/delegates/invite/", form())
    newcomer = logged_in(make_subscriber("helper@mail.ru"), PSKOV_HOST)
    page = text_of(newcomer.get("/cabinet/accounts/", follow=True))
    found = re.search(r"/cabinet/invitations/[\w-]+/", page)
    assert found and "o…@mail.ru" in page
    refused = text_of(newcomer.post(found[0]))
    assert "Без согласия" in refused and Delegation.objects.get().accepted_at is None
    box = re.search(r'name="consent" value="(\w+)"', newcomer.get(found[0]).content.decode())
    assert box
    newcomer.post(found[0], {"consent": box[1]})
    helper = Subscriber.objects.get(email="helper@mail.ru")
    assert helper.account_links.get().delegation and helper.consents.count() == 1


def test_the_form_says_what_is_wrong(owner_client, link):
    invite_page = f"/cabinet/{link.pk}/delegates/invite/"
    day, today = datetime.timedelta(days=1), timezone.localdate()
    for fields, said in (
        (form("owner@mail.ru"), "Это ваш адрес"),
        (form(ends_on=today.isoformat()), "Укажите день с"),
        (form(ends_on=(today + 366 * day).isoformat()), "Укажите день с"),
        (form(ends_on="когда-нибудь"), "Укажите день, например"),
        (form(right=""), "Выберите, что будет можно"),
        (form(right="own"), "Выберите"),
        (form(""), "Укажите адрес электронной почты"),
    ):
        page = text_of(owner_client.post(invite_page, fields))
        assert said in page, fields
    assert not Delegation.objects.exists() and not Message.objects.exists()
    assert (
        owner_client.post(invite_page, form(ends_on=(today + day).isoformat())).status_code == 302
    )


def test_a_mailbox_is_not_filled_and_no_answer_tells_who_has_a_cabinet(
    owner, pskov, account, link, helper, owner_client
):
    """Three letters a day to a contact, whoever asks; the same words whether it has a cabinet."""
    page = f"/cabinet/{link.pk}/delegates/invite/"
    for contact in ("helper@mail.ru", "nobody@mail.ru"):
        said = [text_of(owner_client.post(page, form(contact), follow=True)) for _ in range(2)]
        assert f"Приглашение отправлено: {contact}" in said[1]
    others = logged_in(holder := make_subscriber("second@mail.ru"), PSKOV_HOST)
    other_page = f"/cabinet/{_link_of(holder, pskov, account)}/delegates/invite/"
    for _ in range(3):
        said_last = text_of(others.post(other_page, form("nobody@mail.ru"), follow=True))
    assert "Сегодня отправить приглашение больше нельзя" in said_last
    letters = Message.objects.filter(kind="delegate_invitation")
    assert [letter.recipient for letter in letters].count("nobody@mail.ru") == 3
    # The last invitation of a contact is the one that counts.
    assert Delegation.objects.filter(owner_link=link, contact="nobody@mail.ru").count() == 1


def _link_of(person, company, account):
    return make_link(person, company, account).pk


def test_who_holds_the_account_is_told_so_when_accepting(owner_client, stranger, link, account):
    own = AccountLink.objects.get(pk=_link_of(stranger, link.company, account))
    agree(stranger, link.company)
    asked = owner_client.post(
        f"/cabinet/{link.pk}/delegates/invite/", form(stranger.email), follow=True
    )
    assert "Приглашение отправлено" in text_of(asked)
    page = logged_in(stranger, PSKOV_HOST).post(invitation_address())
    assert "уже привязан" in text_of(page)
    own.refresh_from_db()
    assert own.delegation is None and Delegation.objects.get().accepted_at is None

"""The operators' queue of disputed links: who has the account, ending a wrong link, the answer."""

import datetime

import pytest
from django.utils import timezone

from cabinet.accounts.models import LinkDispute
from cabinet.subscribers.models import AccountLink
from portal.audit.models import AuditEntry
from portal.messaging.models import Message
from portal.staff import roles
from portal.staff.services import staff_create
from tenants.schemas import in_company
from tests.support.applications import make_operator
from tests.support.factories import (
    BASE_HOST,
    NOVGOROD_HOST,
    PASSWORD,
    make_link,
    staff_client,
    text_of,
)

QUEUE = "/admin/accounts/disputes/"


@pytest.fixture
def operator(pskov):
    return make_operator()


@pytest.fixture
def wrong(stranger, pskov, account):
    return make_link(stranger, pskov, account)


@pytest.fixture
def dispute(owner, link, wrong):
    return LinkDispute.objects.create(
        account_number="805107", subscriber_id=owner.pk, text="Это <b>не</b> мой сын."
    )


def page(dispute):
    return f"{QUEUE}{dispute.pk}/"


def end(client, dispute, link, **fields):
    return client.post(f"{page(dispute)}links/{link.pk}/end/", fields, follow=True)


def test_the_queue(operator, dispute, stranger):
    closed = LinkDispute.objects.create(
        account_number="999", subscriber_id=stranger.pk, closed_at=timezone.now(), closed_by="anna"
    )
    LinkDispute.objects.filter(pk=closed.pk).update(
        created_at=timezone.now() - datetime.timedelta(days=9)
    )
    text = text_of(operator.get(QUEUE))
    assert text.index("o…@mail.ru") < text.index("s…@mail.ru")
    assert "Ждут ответа: <strong>1</strong>" in text
    assert "в очереди 1" in text_of(operator.get("/admin/"))
    for query in ("?q=00805-107", "?state=open"):
        found = text_of(operator.get(QUEUE + query))
        assert "o…@mail.ru" in found and "s…@mail.ru" not in found


def test_all_links_of_the_account_without_contacts(operator, dispute, owner, stranger, wrong):
    AccountLink.objects.filter(pk=wrong.pk).update(last_used_at=timezone.now())
    text = text_of(operator.get(page(dispute)))
    assert "o…@mail.ru" in text and "s…@mail.ru" in text and "оспаривает" in text
    assert owner.email not in text and stranger.email not in text
    assert "Номер счётчика" in text and "не открывал" in text
    assert "Это &lt;b&gt;не&lt;/b&gt; мой сын." in text


def test_ending_the_wrong_link(operator, dispute, wrong, link, stranger, owner):
    asked = text_of(operator.get(f"{page(dispute)}links/{wrong.pk}/end/"))
    assert "s…@mail.ru" in asked and "Это тот, кто оспаривает" not in asked
    own = text_of(operator.get(f"{page(dispute)}links/{link.pk}/end/"))
    assert "Это тот, кто оспаривает" in own
    assert "Напишите причину" in text_of(end(operator, dispute, wrong, reason=" \n "))
    assert stranger.account_links.exists()
    text = text_of(end(operator, dispute, wrong, reason="Счёт <i>не ваш</i>."))
    assert "отвязан" in text and "s…@mail.ru" not in text
    assert not stranger.account_links.exists() and owner.account_links.exists()
    letter = Message.objects.get(kind="account_link_ended")
    assert letter.recipient == stranger.email and "&lt;i&gt;не ваш" in letter.html
    assert AuditEntry.objects.get(action="link.end").actor_name == "operator"
    dispute.refresh_from_db()
    assert dispute.closed_at is None  # it stays until it is answered
    assert "больше нет" in text_of(end(operator, dispute, wrong, reason="Ещё раз"))


def test_a_link_of_another_account_is_not_ended(operator, dispute, stranger, pskov):
    from tests.support.factories import make_account

    other = make_link(stranger, pskov, make_account("111222"))
    assert "больше нет" in text_of(end(operator, dispute, other, reason="Ошибка"))
    assert AccountLink.objects.filter(pk=other.pk).exists()


def test_the_answer_closes(operator, dispute, owner):
    assert "Напишите ответ" in text_of(operator.post(page(dispute), {"answer": " "}))
    operator.post(page(dispute), {"answer": "Проверили:\nлишнего отвязали."})
    dispute.refresh_from_db()
    assert (dispute.closed_by, dispute.answer) == ("operator", "Проверили:\nлишнего отвязали.")
    assert Message.objects.get(kind="link_dispute_answered").recipient == owner.email
    second = make_operator("second")
    text = text_of(second.post(page(dispute), {"answer": "Поздно"}, follow=True))
    assert "закрыл operator" in text
    dispute.refresh_from_db()
    assert dispute.answer.startswith("Проверили")


def test_who_disputed_has_left(operator, dispute, owner):
    owner.delete()
    assert "личный кабинет удалён" in text_of(operator.get(page(dispute)))
    operator.post(page(dispute), {"answer": "Закрыто."})
    assert LinkDispute.objects.get().closed_at


@pytest.mark.parametrize("role", [roles.EDITORS, roles.MODERATORS, roles.CASHIERS])
def test_others_do_not_learn_of_it(dispute, wrong, role):
    client = staff_client(staff_create(username="x", password=PASSWORD, groups=[role]))
    for path in (QUEUE, page(dispute), f"{page(dispute)}links/{wrong.pk}/end/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"answer": "да", "reason": "да"}).status_code == 404
    assert AccountLink.objects.filter(pk=wrong.pk).exists()


def test_another_companys_dispute_is_not_there(dispute, wrong, novgorod, central_admin):
    with in_company(novgorod):
        client = make_operator("operator", NOVGOROD_HOST)
    assert client.get(page(dispute)).status_code == 404
    with in_company(novgorod):  # a dispute with the same number there does not open Pskov's link
        LinkDispute.objects.create(
            pk=dispute.pk, account_number="805107", subscriber_id=dispute.subscriber_id
        )
    assert "s…@mail.ru" not in text_of(client.get(page(dispute)))
    end(client, dispute, wrong, reason="да")
    assert AccountLink.objects.filter(pk=wrong.pk).exists()
    assert staff_client(central_admin, BASE_HOST).get(QUEUE).status_code == 404

"""Links in messages name the company's primary host, whatever the asker sent."""

import datetime
import re
import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import QuerySet
from django.db.models.signals import post_save
from django.test import Client
from django.utils import timezone
from limits import RateLimitItemPerMinute

from cabinet.accounts.links.disputes import dispute_close
from cabinet.accounts.links.ending import link_end_by_operator
from cabinet.accounts.models import Application, LinkDispute, PersonalAccount, SurnameChange
from cabinet.accounts.tasks import surname_changes_handle
from cabinet.appointments.lifecycle.changing import appointment_cancel, appointment_move
from cabinet.appointments.lifecycle.confirming import appointment_code_send
from cabinet.appointments.lifecycle.finding import finding_code_send
from cabinet.appointments.lifecycle.notices import notify_reminder
from cabinet.appointments.waiting.offers import waiting_offer
from cabinet.bills.mailing.bill_mailing import bills_mailing_begin
from cabinet.exchange.lateness import late_notice_send
from cabinet.exchange.models import Package
from cabinet.max.models import MaxInvitation
from cabinet.payments.autopay.notices import notify_missed, notify_on, notify_soon
from cabinet.payments.autopay.reasons import Decision
from cabinet.payments.refunds.requests import request_answer, request_send
from cabinet.payments.result.notices import payment_notices, refund_notices
from cabinet.subscribers.contacts import Contact
from cabinet.subscribers.entry import limits, recovery, unlock_links
from cabinet.subscribers.models import Delegation, LoginUnlockLink, PersonJob, RecoveryRequest
from cabinet.subscriptions.models import Subscription
from cabinet.subscriptions.reminding import reminders_send
from cabinet.subscriptions.services import subscription_add
from cms_pages.models import FormEntry, FormField, FormPage, HomePage
from portal.messaging.models import Message
from portal.messaging.services import message_render
from portal.staff.login.passwords import password_reset_send
from portal.staff.models import PasswordReset, StaffUser
from tenants.models import GasCompany
from tests.cabinet.connection.applying import begun, connection_on
from tests.cabinet.subscribers.personal_data.conftest import now_due, work
from tests.cabinet.subscribers.registering import REGISTER, by_email
from tests.cms_pages.conftest import add
from tests.support.appeals import answered, opened
from tests.support.applications import make_application
from tests.support.applying import FORM, by_application, filled
from tests.support.appointments import at, booked, held, make_queue, make_service
from tests.support.autopay import make_autopay, make_run
from tests.support.connection import messages_of_connection
from tests.support.factories import (
    PASSWORD,
    PSKOV_HOST,
    agree,
    logged_in,
    make_charge,
    make_subscriber,
    staff_client,
)
from tests.support.linking import RIGHT, link_by_wizard
from tests.support.mailings import publish_news
from tests.support.mailings import work_off as mailings_work_off
from tests.support.payments import make_payment, make_refund
from tests.support.readings import sent
from tests.support.waiting import day_filled, desk_open, waits
from tests.tenancy.conftest import SECOND, forged

KINDS = {file.stem for file in (settings.BASE_DIR / "templates/messages").glob("*.html")} - {"base"}


@pytest.fixture
def written(monkeypatch) -> Iterator[list[Message]]:
    """The messages of all schemas, also those that are deleted with their person."""
    messages: list[Message] = []
    many = QuerySet.bulk_create

    def note(sender, instance, created, **_):
        if created:
            messages.append(instance)

    def note_many(rows, *args, **kwargs):
        made = many(rows, *args, **kwargs)
        messages.extend(made if rows.model is Message else [])
        return made

    post_save.connect(note, sender=Message)
    monkeypatch.setattr(QuerySet, "bulk_create", note_many)
    yield messages
    post_save.disconnect(note, sender=Message)


def links_of(message: Message) -> list[str]:
    if message.context:
        message_render(message)
    text = f"{message.text} {message.html or ''} {message.unsubscribe_url or ''}"
    assert "evil.ru" not in text and SECOND not in text, message.kind
    return re.findall(r'https?://[^\s"<>]+', text)


def test_every_kind_of_message(
    second, owner, stranger, link, account, clock, monkeypatch, company_administrator, written
):
    """A new kind of message needs its request here."""
    StaffUser.objects.update(email="boss@gas.ru")
    clock.at("2026-11-02T12:00")
    subscription_add(subscriber=owner, account=account, kind="reading_reminder")
    clock.at("2026-11-18T12:00")
    reminders_send()
    written += _told_to_many(owner, account)
    _package_late()
    monkeypatch.setattr(limits.ACCOUNT, "item", RateLimitItemPerMinute(2, 15))
    agree(stranger, second)
    _payments(owner, link, account)
    _appeals(owner, account)
    _waiting()
    _appointments(owner)
    _connection_draft()
    messages_of_connection(owner, StaffUser.objects.get(username="boss"))
    for step in (_entry, _delegating, _inside, _by_others, _leaving, _applying, _staff_and_site):
        step(second, owner, stranger, link, account)
    seen, looked_at = set(), set()
    for message in written:
        for address in links_of(message):
            assert f"{address}/".startswith(f"{second.url}/"), (message.kind, address)
            looked_at.add(address.removeprefix(second.url))
        seen.add(message.kind)
    assert seen == KINDS
    before = _rows()
    for path in looked_at:
        for method in ("get", "head", "options"):
            # Mail programs and scanners open what they are sent, without a login.
            getattr(Client(headers={"host": PSKOV_HOST}), method)(path)
            assert _rows() == before, (method, path)


def _package_late() -> None:
    """Packages came each day, and the last of them long ago."""
    company = GasCompany.objects.get(schema_name="pskov")
    for day in range(1, 6):
        moment = datetime.datetime(2026, 11, day, 6, tzinfo=datetime.UTC)
        Package.objects.create(
            package_id=f"late-{day}", state="applied", applied_at=moment, source="api"
        )
    assert late_notice_send(company)


def _rows() -> dict[str, list[str]]:
    """Everything that is stored about people and messages."""
    labels = (
        "subscribers",
        "accounts",
        "notifications",
        "subscriptions",
        "messaging",
        "max",
        "payments",
        "appeals",
        "appointments",
        "connection",
    )
    return {
        model._meta.label: sorted(map(str, model._default_manager.values_list()))
        for label in labels
        for model in apps.get_app_config(label).get_models()
    }


def _told_to_many(owner, account) -> list[Message]:
    """Written by one statement, which no signal tells of."""
    Subscription.objects.create(subscriber_id=owner.pk, kind="news")
    publish_news()
    subscription_add(subscriber=owner, account=account, kind="bill")
    make_charge(account, datetime.date(2026, 10, 1))
    bills_mailing_begin(datetime.date(2026, 11, 1))
    mailings_work_off()
    return list(Message.objects.all())


def _payments(owner, link, account):
    payer = {"subscriber_id": owner.pk, "link_id": link.pk}
    asked = request_send(
        payment=make_payment(account, **payer), subscriber_id=owner.pk, text="Это счёт соседа"
    )
    boss = StaffUser.objects.get(username="boss")
    request_answer(request_pk=asked.pk, is_done=True, answer="Вернули.", actor=boss)
    for fields in (payer, {"channel": "guest", "email": "son@mail.ru"}):
        payment = make_payment(account, **fields)
        payment_notices(payment)
        refund_notices(make_refund(payment))
    autopay = make_autopay(link, account)
    run = make_run(autopay, datetime.date(2026, 12, 10))
    notify_on(autopay)
    notify_soon(run, Decision("", principal=Decimal(5), charged=Decimal(5)))
    notify_missed(run)


def _connection_draft():
    connection_on()
    browser = forged()
    address = f"/connection/{begun(browser).key}/link/"
    assert browser.post(address).status_code == 302


def _waiting():
    desk, tomorrow = desk_open(), timezone.localdate() + datetime.timedelta(days=1)
    taken = day_filled(desk, tomorrow + datetime.timedelta(days=1))
    waits(desk, tomorrow, tomorrow + datetime.timedelta(days=1), email="guest@mail.ru")
    appointment_cancel(appointment_pk=taken[0].pk)
    assert waiting_offer(desk.centre_id) == 1


def _appointments(owner):
    boss = StaffUser.objects.get(username="boss")
    centre, service = make_queue(code="tickets"), make_service()
    ways = ({"subscriber_id": owner.pk}, {"email": "son@mail.ru"}, {"phone": "+79111234567"})
    for number, way in enumerate(ways):
        day = datetime.date(2026, 12, 1 + number)
        fields = {"phone": "", "email": "", **way}
        moved = booked(centre, service, at("09:00", day), **fields)
        appointment_move(appointment_pk=moved.pk, starts_at=at("09:30", day))
        moved.refresh_from_db()
        notify_reminder(moved)
        appointment_cancel(appointment_pk=moved.pk, actor=boss)
    awaited = held(centre, service, at("10:00", datetime.date(2026, 12, 1)))
    appointment_code_send(appointment_pk=awaited.pk)
    lost = booked(centre, service, at("10:30", datetime.date(2026, 12, 1)), email="son@mail.ru")
    finding_code_send(key=uuid.uuid4(), contact=Contact("email", lost.email))


def _appeals(owner, account):
    boss = StaffUser.objects.get(username="boss")
    for appeal in (opened(owner, account), opened()):
        answered(appeal, boss, outcome="waiting")
        answered(appeal, boss)


def _entry(company, owner, stranger, link, account):
    guest = forged()
    guest.post(REGISTER, by_email())
    guest.post(REGISTER, by_email(owner.email))
    guest.post("/cabinet/recover/", {"email": owner.email, "captcha": "human"})
    for request in RecoveryRequest.objects.all():
        recovery.recovery_answer(request_id=request.pk)
    for _ in range(3):
        guest.post("/cabinet/login/", {"email": owner.email, "password": "не тот"})
    unlock_links.unlock_link_send(link_id=LoginUnlockLink.objects.get().pk)


def _applying(company, owner, stranger, link, account):
    by_application()
    forged().post(FORM, filled(email="anna@mail.ru"))
    Application.objects.update(state="waiting")
    refused = make_application(email="boris@mail.ru")
    boss = forged(staff_client(StaffUser.objects.get(username="boss")))
    for application, decision in (
        (Application.objects.get(email="anna@mail.ru"), "approve"),
        (refused, "refuse"),
    ):
        fields = {"despite_differences": "yes", "phrase": "0"}
        boss.post(f"/admin/accounts/applications/{application.pk}/{decision}/", fields)


def _inside(company, owner, stranger, link, account):
    inside = forged(logged_in(owner, f"{SECOND}:1"))
    inside.post(f"/cabinet/{link.pk}/readings/", sent(account.meters.get(), 1905))
    proved = {"current_password": PASSWORD}
    inside.post("/cabinet/settings/email/", {"email": "new@mail.ru", **proved})
    inside.post("/cabinet/settings/phone/", {"phone": "+79111234567", **proved})
    receipts = f"/cabinet/settings/subscriptions/receipts/{link.pk}/address/"
    inside.post(receipts, {"email": "daughter@mail.ru"})
    new = {"new_password": PASSWORD[::-1], "repeated_password": PASSWORD[::-1]}
    inside.post("/cabinet/settings/password/", {**proved, **new})
    opened = MaxInvitation.objects.create(
        subscriber_id=owner.pk,
        secret_hash="x",
        expires_at=timezone.now() + datetime.timedelta(minutes=1),
        user_id=1,
        name="Елена",
    )
    inside.post(f"/cabinet/settings/max/confirm/{opened.pk}/", {"me": "yes"})


def _by_others(company, owner, stranger, link, account):
    other = forged(logged_in(stranger, f"{SECOND}:1"))
    form = {"email": owner.email, "current_password": PASSWORD}
    other.post("/cabinet/settings/email/", form)
    for serial_number in ("1111111", RIGHT["serial_number"]):
        link_by_wizard(other, {"serial_number": serial_number})
    theirs = stranger.account_links.get()
    other.post(f"/cabinet/{theirs.pk}/readings/", sent(account.meters.get(), 1906))
    for surname in ("Бобров", account.last_name):
        PersonalAccount.objects.update(last_name=surname)
        SurnameChange.objects.create(
            account_number=account.account_number, changed_at=timezone.now()
        )
        surname_changes_handle()
    owner.refresh_from_db()
    mine = forged(logged_in(owner, f"{SECOND}:1"))
    mine.post(f"/cabinet/accounts/{link.pk}/dispute/", {"text": "Я живу одна."})
    boss = StaffUser.objects.get(username="boss")
    answer = {"operator": boss, "answer": "Отвязали."}
    dispute_close(dispute=LinkDispute.objects.get(), company=company, **answer)
    link_end_by_operator(link=theirs, operator=boss, reason="Счёт не его.")


def _delegating(company, owner, stranger, link, account):
    """Invited, accepted, applied for himself, ended."""
    inside = forged(logged_in(owner, f"{SECOND}:1"))
    pages = f"/cabinet/{link.pk}/delegates/"
    asked = {"email": "helper@mail.ru", "right": "send", "ends_on": "2027-05-01"}
    inside.post(f"{pages}invite/", asked)
    helper = make_subscriber("helper@mail.ru")
    agree(helper, company)
    theirs = forged(logged_in(helper, f"{SECOND}:1"))
    given = Delegation.objects.get()
    theirs.post(f"/cabinet/invitations/{given.pk}/")
    theirs.post("/cabinet/accounts/apply/", filled(region=RIGHT["region"]))
    inside.post(f"{pages}{given.pk}/end/")


def _leaving(company, owner, stranger, link, account):
    other = forged(logged_in(stranger, f"{SECOND}:1"))
    other.post("/cabinet/settings/data/")
    work(PersonJob.objects.get())
    other.post("/cabinet/settings/deletion/", {"current_password": PASSWORD})
    other = forged(logged_in(stranger, f"{SECOND}:1"))
    other.post("/cabinet/settings/deletion/cancel/")
    other.post("/cabinet/settings/deletion/", {"current_password": PASSWORD})
    work(now_due(PersonJob.objects.get(kind="deletion", state="waiting")))


def _new_password(asked):
    """Also tells that the password was changed."""
    assert asked.status_code == 302
    password_reset_send(reset_id=PasswordReset.objects.get().pk)
    boss = StaffUser.objects.get(username="boss")
    boss.set_password(PASSWORD)
    boss.save()


def _staff_and_site(company, owner, stranger, link, account):
    boss = forged(staff_client(StaffUser.objects.get(username="boss")))
    answer = boss.post("/admin/staff/invite/", {"email": "anna@mail.ru", "roles": ["Editors"]})
    assert answer.status_code == 302
    assert boss.post("/admin/messages/letters/test/").status_code == 302
    page = FormPage(title="Вопрос", slug="vopros", to_address="a@gas.ru", opens_appeal=False)
    page = add(HomePage.objects.get(), page)
    FormField.objects.create(page=page, label="Почта", field_type="email")
    (field,) = page.form_fields.all()
    typed = {field.clean_name: "nina@mail.ru", "captcha": "human"}
    assert forged().post("/vopros/", typed).status_code == 302
    reply = {"text": "Открыто до 17:00.", "form_key": str(uuid.uuid4()), "seen": "0"}
    entry = FormEntry.objects.get()
    assert boss.post(f"/admin/site-messages/{entry.pk}/reply/", reply).status_code == 302
    _new_password(boss.post("/admin/password_reset/", {"email": "boss@gas.ru"}))

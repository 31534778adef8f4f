"""Notifications in the browser: allowed on a page, shown by the worker, opened in the cabinet."""

import json
from pathlib import Path

import pytest
from django_tenants.utils import schema_context
from playwright.sync_api import CDPSession, Page, expect

from cabinet.notifications.models import PushSubscription
from cabinet.notifications.services import Notice, notify
from cabinet.subscribers.models import Subscriber
from portal.messaging.models import Message
from portal.messaging.sending import message_deliver
from tenants.models import GasCompany
from tests.e2e.conftest import (
    BY_TELEPHONE,
    PATIENCE_MS,
    assert_accessible,
    owner_log_in,
    wait_until,
)
from tests.support.push_service import Browser, push_service

pytestmark = pytest.mark.service_worker
PATH = "/cabinet/notifications/"
# A browser without its maker's push service: the page's own subscription is a stand-in.
STAND_IN = """
(fields) => {
  const made = { endpoint: fields.endpoint, keys: { p256dh: fields.p256dh, auth: fields.auth } };
  const unsubscribe = async () => { delete localStorage.push; };
  const subscription = { toJSON: () => made, options: {}, unsubscribe };
  PushManager.prototype.subscribe = async (options) => {
    localStorage.push = options.userVisibleOnly ? options.applicationServerKey.length : "";
    return subscription;
  };
  PushManager.prototype.getSubscription = async () => (localStorage.push ? subscription : null);
}
"""
# An event that nobody but a browser can make a worker wait for.
CLICK = """
async (data) => {
  let done;
  const opened = [];
  self.clients.openWindow = async (address) => opened.push(address);
  const [notification] = await self.registration.getNotifications();
  const event = new NotificationEvent("notificationclick", { notification });
  event.waitUntil = (work) => { done = work; };
  self.dispatchEvent(event);
  await done;
  return opened;
}
"""


def deliver(page: Page, site: str, text: str) -> None:
    """Hand the worker what the push service has brought, until it shows it.

    The browser's tool for this, unlike its push, drops what comes while the worker is being started.
    """
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    cdp: CDPSession = page.context.new_cdp_session(page)
    found: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    wait_until(page, lambda: found)
    brought = {"origin": site, "registrationId": found[-1], "data": text}
    asked = iter(range(PATIENCE_MS // 100))

    def is_shown() -> bool:
        if next(asked) % 20 == 0:
            cdp.send("ServiceWorker.deliverPushMessage", brought)
        return bool(shown(page))

    wait_until(page, is_shown)
    cdp.detach()


def shown(page: Page) -> list[dict[str, str]]:
    """Return what the worker shows on the device."""
    return page.evaluate(
        "navigator.serviceWorker.ready.then(one => one.getNotifications())"
        ".then(all => all.map(one => ({title: one.title, body: one.body, path: one.data.path})))"
    )


@BY_TELEPHONE
def test_a_message_is_shown_on_the_device(
    page: Page, pskov_site: str, owner: Subscriber, settings, tmp_path: Path
) -> None:
    with push_service(settings, tmp_path) as service:
        browser: Browser = service.browser()
        page.context.grant_permissions(["notifications"], origin=pskov_site)
        page.add_init_script(f"({STAND_IN})({json.dumps(browser.fields(''))})")
        owner_log_in(page, pskov_site)
        page.goto(f"{pskov_site}/cabinet/settings/subscriptions/")
        page.get_by_role("link", name="Включить уведомления").click()
        switch_on = page.get_by_role("button", name="Включить уведомления")
        expect(switch_on).to_be_visible()
        assert_accessible(page)
        switch_on.click()
        expect(page.get_by_role("heading", name="Где включены")).to_be_visible()
        expect(switch_on).to_be_hidden()
        assert_accessible(page)
        assert page.evaluate("localStorage.push") == "65"
        with schema_context("pskov"):
            notify(
                Notice(owner, "payment_refunded", "Возвращено 100 ₽", PATH, context={"number": 7})
            )
            (message,) = Message.objects.filter(channel="push")
            assert message_deliver(message.pk)
        said = browser.read(service.taken[0].body)
    deliver(page, pskov_site, json.dumps(said))
    # The page that is open all the while says so too, without being loaded anew.
    expect(page.get_by_role("link", name="Уведомления, 1 непрочитанное")).to_be_visible()
    (one,) = shown(page)
    company = GasCompany.objects.get(schema_name="pskov").name
    assert one == {"title": "Платёж возвращён", "body": company, "path": PATH}
    (worker,) = page.context.service_workers
    assert worker.evaluate(CLICK) == [f"{pskov_site}{PATH}"]
    # Nothing but a page of this host is opened, whatever a message says; and a notification is shown.
    for text in (
        json.dumps({"title": "Т", "path": "https://elsewhere.example/cabinet/"}),
        "not JSON",
    ):
        deliver(page, pskov_site, text)
        assert worker.evaluate(CLICK) == [f"{pskov_site}/cabinet/notifications/"]
    page.get_by_role("button", name="Отключить").click()
    expect(page.get_by_text("Больше не показываем")).to_be_visible()
    wait_until(page, lambda: page.evaluate("!localStorage.push"))
    with schema_context("pskov"):
        assert not PushSubscription.objects.exists()


@BY_TELEPHONE
def test_a_browser_that_may_not_or_cannot(page: Page, pskov_site: str, owner: Subscriber) -> None:
    owner_log_in(page, pskov_site)
    page.goto(f"{pskov_site}/cabinet/settings/push/")
    # Nobody is there to be asked in this browser, which counts as a «no».
    page.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'})")
    page.reload()
    expect(page.get_by_text("Вы запретили этому сайту показывать уведомления")).to_be_visible()
    expect(page.get_by_role("button", name="Включить уведомления")).to_be_hidden()
    assert_accessible(page)
    page.add_init_script("delete window.PushManager")
    page.reload()
    expect(page.get_by_text("не умеет показывать уведомления")).to_be_visible()

"""Steps of staff in a real browser."""

from playwright.sync_api import Page

from tests.support.factories import PASSWORD


def log_in(page: Page, site: str, username: str) -> None:
    page.goto(f"{site}/admin/login/")
    # By name: the texts of this page are Wagtail's.
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()

"""What leaves a page names the company's primary host, whatever Host, port or scheme the asker sent."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import caches
from django.test import Client
from django.utils import timezone
from wagtail.images.models import Image

from cms_pages.models import NewsIndexPage
from portal.messaging.models import Message
from portal.staff import roles
from tests.cms_pages.conftest import make_news
from tests.support.factories import (
    BASE_HOST,
    staff_client,
)
from tests.support.files import picture
from tests.tenancy.conftest import SECOND, forged


@pytest.fixture
def news(second):
    image = Image.objects.create(title="Газ", file=picture_file())
    index = NewsIndexPage.objects.get()
    return make_news(index, "Новость", timezone.localdate(), social_image=image)


def picture_file():
    from django.core.files.base import ContentFile

    return ContentFile(picture((1300, 700)), name="gas.png")


def test_pages_feeds_and_maps(news, second):
    """Nothing of the asker's is in them, so neither in what is stored of them for others."""
    caches["default"].clear()
    paths = (
        "/",
        news.get_url(),
        "/sitemap.xml",
        "/robots.txt",
        "/novosti/feed/",
        "/cabinet/",
        "/guest/readings/",
    )
    for path in paths:
        for _ in range(2):
            text = forged().get(path).content.decode()
            assert "evil.ru" not in text and SECOND not in text, path
    page = forged().get(news.get_url()).content.decode()
    for name in ("og:url", "og:image"):
        assert re.search(rf'property="{name}"\s+content="{second.url}/', page), name
    assert f'rel="canonical" href="{second.url}/' in page
    for path in ("/sitemap.xml", "/robots.txt", "/novosti/feed/"):
        assert f"{second.url}/" in forged().get(path).content.decode()


def test_what_the_central_office_sends(central_admin, db):
    office = forged(staff_client(central_admin, BASE_HOST), f"{BASE_HOST}:1")
    form = {"email": "anna@mail.ru", "roles": [roles.CENTRAL_READERS]}
    assert office.post("/admin/staff/invite/", form).status_code == 302
    (address,) = set(re.findall(r'https?://[^\s"<>]+', Message.objects.get().text))
    assert address.startswith(f"http://{BASE_HOST}/staff/invitation/")


@pytest.mark.parametrize(
    "path", ["/cabinet", "/novosti", "/admin", "/cabinet/settings/", "/admin/pages/"]
)
def test_redirects_stay_where_they_are(second, path):
    """A redirect without a host cannot be turned to somebody else's."""
    location = forged().get(path).headers["Location"]
    assert location.startswith("/") and not location.startswith("//")


def test_with_a_port_and_https_canonical_addresses_are_right(second, settings, news):
    settings.PUBLIC_SCHEME, settings.PUBLIC_PORT = "https", "8443"
    caches["default"].clear()
    text = Client(headers={"host": "pskov.gas.localhost"}).get(news.get_url()).content.decode()
    assert 'rel="canonical" href="https://pskov.gas.localhost:8443/' in text


def test_no_code_asks_the_request_for_its_address():
    """`request.build_absolute_uri` is ours (tenants/middleware.py); Host, port and scheme are not."""
    found = []
    for folder in ("cabinet", "cms_pages", "portal", "tenants", "templates"):
        for file in Path(settings.BASE_DIR, folder).rglob("*"):
            if file.suffix in {".py", ".html"}:
                text = file.read_text()
                if re.search(
                    r"request\.scheme|_current_scheme_host|get_current_site|://\{\{ request", text
                ):
                    found.append(file)
    assert found == []

"""What a device keeps of the cabinet: nothing that proves an identity, and the shell of the app."""

import json
import re

from django.test import Client

from tests.support.factories import NOVGOROD_HOST, text_of


def test_a_device_knows_nothing_that_proves_an_identity(owner_client, path, account, meter):
    page = owner_client.get(path).content.decode()
    form = re.search(r'data-offline-form="([^"]+)"', page)[1].replace("&quot;", '"')
    about = json.loads(form)
    assert about["label"] == "Лицевой счёт …5107"
    assert about["meters"] == [
        {
            "id": meter.pk,
            "model": "ВК Арзамас G4T",
            "number": "…52",
            "digits": 5,
            "last": "1900",
            "lastOn": "27.04.2024",
            "tooMany": "У\xa0этого счётчика пять чёрных цифр\xa0— введите только их.",
            "lowest": "1900",
            "known": "1900",
            "since": "2024-04-27",
            "hourly": "6",
            "usual": "1080",
        }
    ]
    for secret in ("07416852", "805107", "Осипова", "Рижский", "owner@mail.ru"):
        assert secret not in form


def test_the_page_without_signal_is_nobodys(owner_client, guest, link):
    mine, theirs = owner_client.get("/cabinet/offline/"), guest.get("/cabinet/offline/")
    assert mine.content == theirs.content
    assert 'data-owner=""' in text_of(mine) and "csrf" not in text_of(mine)
    assert "no-store" in mine.headers["Cache-Control"]


def test_the_worker_is_asked_for_anew_and_keeps_the_shell_alone(guest, pskov):
    worker = guest.get("/cabinet/sw.js")
    assert worker.headers["Content-Type"].startswith("text/javascript")
    assert "no-store" in worker.headers["Cache-Control"]
    shell = json.loads(re.search(r"SHELL = (\{.*?\});", worker.content.decode())[1])
    assert shell["page"] == "/cabinet/offline/"
    assert all(
        file.startswith(("/static/", "/cabinet/offline/", "/brand.css")) for file in shell["files"]
    )
    assert all(guest.get(file).status_code == 200 for file in shell["files"])
    pskov.name = "Псковгаз"
    pskov.save()
    assert guest.get("/cabinet/sw.js").content != worker.content


def test_one_app_a_host(guest, pskov, novgorod):
    manifest = guest.get("/cabinet/manifest.webmanifest")
    assert manifest.headers["Content-Type"] == "application/manifest+json"
    app = manifest.json()
    assert app["name"] == pskov.name
    assert app["start_url"] == app["scope"] == app["id"] == "/cabinet/"
    for one in app["icons"]:
        icon = guest.get(one["src"])
        assert icon.headers["Content-Type"] == "image/png" and icon.content.startswith(b"\x89PNG")
    assert guest.get("/cabinet/icon-4000.png").status_code == 404
    there = Client(headers={"host": NOVGOROD_HOST}).get("/cabinet/manifest.webmanifest").json()
    assert there["name"] == novgorod.name != app["name"]


def test_only_the_cabinet_is_an_app(guest, owner_client, path):
    assert "manifest" not in text_of(guest.get("/"))
    assert "/cabinet/manifest.webmanifest" in text_of(owner_client.get(path))

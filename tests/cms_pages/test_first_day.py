"""What an editor finds on the first day, and what Wagtail has that editors look for."""

import json

import pytest
from django.test import Client
from django_tenants.utils import schema_context
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Collection, Site

from cms_pages.models import BrandSettings, CompanyRequisites, LegalVersionPage
from portal.staff.roles import EDITORS, MODERATORS
from portal.staff.services import staff_create
from tests.cms_pages.conftest import make_page
from tests.support.factories import PASSWORD, PSKOV_HOST, staff_client, text_of


def legal_form(version: LegalVersionPage, **fields: object) -> dict[str, object]:
    paragraph = {"text": "Согласен.", "type": "unstyled", "key": "a", "depth": 0}
    paragraph |= {"inlineStyleRanges": [], "entityRanges": []}
    return {
        "title": version.title,
        "slug": version.slug,
        "lead": "",
        "number": version.number,
        "effective_from": f"{version.effective_from:%d.%m.%Y}",
        "text": json.dumps({"blocks": [paragraph], "entityMap": {}}),
        "action-publish": "1",
        **fields,
    }


@pytest.mark.parametrize("kind", ["gas", "capital_repair"])
def test_a_new_company_has_pages_and_unread_drafts_of_legal_texts(db, kind):
    from tenants.services import company_provision

    company_provision(
        schema_name="tver",
        name="Тверьгаз",
        regions=["Тверская область"],
        domain="tver.gas.localhost",
        kind=kind,
    )
    with schema_context("tver"):
        boss = staff_create(username="m", password=PASSWORD, groups=[MODERATORS])
        site = Site.objects.get()
    anybody = staff_client(boss, "tver.gas.localhost")
    assert "Справочная" not in text_of(anybody.get("/kontakty/"))  # its telephones are not known
    with schema_context("tver"):
        CompanyRequisites.objects.create(site=site, legal_name="ООО «Тверьгаз & Ко»")
        BrandSettings.objects.create(site=site, phone="+74822334455")
        versions = {one.get_parent().slug: one for one in LegalVersionPage.objects.all()}
        assert len(versions) == 4 and not any(one.live for one in versions.values())
        folders = set(Collection.objects.filter(depth=2).values_list("name", flat=True))
        consent, home = versions["soglasie"], site.root_page_id
    assert {"Новости", "Документы"} <= folders
    client = anybody
    about = text_of(client.get("/o-kompanii/" if kind == "gas" else "/o-fonde/"))
    assert "ООО «Тверьгаз &amp; Ко»" in about
    assert "(4822) 33-44-55" in text_of(client.get("/kontakty/"))
    assert client.get("/rukovodstvo/").status_code == 200
    if kind == "gas":
        assert client.get("/bezopasnost/").status_code == 200
        assert client.get("/tarify/").status_code == 404  # a draft: the prices are not there
    path = f"/admin/pages/{consent.pk}/edit/"
    with schema_context("tver"):
        shown = client.get(path).context["form"].initial["text"]
    assert "ООО «Тверьгаз &amp; Ко»" in shown and "[ИНН]" in shown

    def unread(version: LegalVersionPage) -> dict[str, object]:
        words = "Черновик портала: проверьте юристом, [ИНН]"
        body = json.loads(str(legal_form(version)["text"]))
        body["blocks"][0]["text"] = words
        return legal_form(version, text=json.dumps(body))

    refused = text_of(client.post(path, unread(consent)))
    assert "осталось «Черновик портала: проверьте юристом», «[ИНН]»" in refused
    bulk = f"/admin/bulk/wagtailcore/page/publish/?id={home}"
    client.post(bulk, {"include_descendants": "on"})
    with schema_context("tver"):
        assert not LegalVersionPage.objects.live().exists()
    assert client.post(path, legal_form(consent)).status_code == 302
    assert "Согласен." in text_of(client.get("/dokumenty/soglasie/"))


def test_folders_redirects_and_the_order_of_the_menu(pskov, home):
    """Folders and order are an editor's; a redirect is published at once, and so a moderator's."""
    people = [
        staff_client(staff_create(username=one, password=PASSWORD, groups=[role]))
        for one, role in (("e", EDITORS), ("m", MODERATORS))
    ]
    editor, moderator = people
    menu = text_of(editor.get("/admin/"))
    assert "/admin/collections/" in menu and "/admin/site-menu/" in menu
    assert "/admin/redirects/" not in menu
    root = Collection.get_first_root_node()
    assert root.name == "Общая папка"
    assert "---------" not in text_of(editor.get("/admin/collections/add/"))
    editor.post("/admin/collections/add/", {"name": "Аварии", "parent": root.pk})
    made = Collection.objects.get(name="Аварии")
    editor.post(f"/admin/collections/{made.pk}/", {"name": "Ремонты", "parent": root.pk})
    assert "Ремонты" in text_of(editor.get("/admin/images/add/"))

    page = make_page(home, "Льготы", show_in_menus=True)
    make_page(home, "Тайное")
    assert editor.post(f"/admin/pages/{page.pk}/set_position/?position=0").status_code == 200
    assert home.get_children().first().pk == page.pk
    shown = text_of(editor.get("/admin/site-menu/"))
    assert shown.index("Льготы") < shown.index("Новости") < shown.index("Тайное")
    assert "1-е" in text_of(editor.get(f"/admin/pages/{home.pk}/"))

    added = {"old_path": "/old/", "redirect_link": "/novosti/", "is_permanent": "on", "site": ""}
    assert editor.post("/admin/redirects/add/", added).status_code == 302
    assert not Redirect.objects.exists()
    assert moderator.get("/admin/redirects/add/").status_code == 200
    assert "/admin/redirects/" in text_of(moderator.get("/admin/"))
    assert moderator.get("/admin/redirects/import/").status_code == 200
    for wrong, said in (
        ({"redirect_link": ""}, "Выберите страницу или укажите другой адрес"),
        (
            {"old_path": "/novosti/", "redirect_link": "https://gas.ru/"},
            "По этому адресу есть страница",
        ),
    ):
        assert said in text_of(moderator.post("/admin/redirects/add/", added | wrong))
    assert not Redirect.objects.exists()
    to_page = added | {"redirect_link": "", "redirect_page": str(page.pk)}
    assert moderator.post("/admin/redirects/add/", to_page).status_code == 302
    left = Client(headers={"host": PSKOV_HOST}).get("/old/")
    assert (left.status_code, left.headers["Location"]) == (301, page.get_url())

"""Two bodies side by side: names instead of codes, and only what has changed, in lists too."""

from cms_pages.shared.comparison import body_diff


def notice(kind: str) -> dict:
    value = {"kind": kind, "title": "", "text": "<p>Тяга</p>"}
    return {"type": "notice", "id": "n", "value": value}


def steps(*titles: str) -> dict:
    items = [
        {"type": "item", "id": title, "value": {"title": title, "text": ""}} for title in titles
    ]
    return {"type": "steps", "id": "s", "value": {"items": items}}


def test_a_choice_is_shown_by_its_name(db):
    html = body_diff([notice("info")], [notice("danger")])
    assert "к сведению" in html and "опасность" in html
    assert "info" not in html and "danger" not in html
    assert "внимание" in body_diff([], [notice("warning")])


def test_items_of_a_list_that_are_the_same_are_only_counted(db):
    html = body_diff([steps("Раз", "Два", "Три")], [steps("Раз", "Два", "Три", "Четыре")])
    assert "Четыре" in html and "Ещё 3 части без изменений." in html
    assert "Раз" not in html and "Два" not in html


def test_an_item_that_went(db):
    html = body_diff([steps("Раз", "Два")], [steps("Раз")])
    assert "deletion" in html and "Два" in html and "Ещё 1 часть без изменений." in html

"""The linking wizard, by the steps of manual 1, 2.1.5.1.1."""

from cabinet.subscribers.models import AccountLink, Consent, LinkingDraft
from tests.support.factories import text_of
from tests.support.linking import RIGHT, START, box_of


def test_the_steps_of_the_manual(owner_client, owner, account):
    """Region, number, initials, way, consent, with «Далее» after each."""
    page = text_of(owner_client.get(START))
    assert "Шаг 1 из 5" in page and "Далее" in page and "Текущие привязки" in page
    assert '<option value="Псковская область" selected>' in page
    answer = owner_client.post(START, {"region": RIGHT["region"]})
    for number, step, field in (
        (2, "number", "account_number"),
        (3, "initials", "initials"),
        (4, "method", "proof"),
    ):
        address = answer.headers["Location"]
        assert address.endswith(f"/{step}/")
        page = text_of(owner_client.get(address))
        assert f"Шаг {number} из 5" in page and f'name="{field}"' in page
        assert "Ошибка" not in page and "Текущие привязки" in page
        answer = owner_client.post(address, RIGHT)
    page = text_of(owner_client.get(answer.headers["Location"]))
    assert "Шаг 5 из 5" in page and "согласие на обработку персональных данных" in page
    assert " checked" not in page and not AccountLink.objects.exists()
    done = owner_client.post(answer.headers["Location"], {"consent": box_of(page)})
    link = AccountLink.objects.get()
    assert done.headers["Location"] == f"/cabinet/{link.pk}/"
    assert "805107 привязан" in text_of(owner_client.get(done.headers["Location"]))
    assert (link.subscriber, link.proof, link.region) == (owner, "meter", RIGHT["region"])
    assert Consent.objects.get().subscriber == owner
    assert "07416852" not in LinkingDraft.objects.get().content

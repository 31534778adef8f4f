"""What the bot answers to a user who opens it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from cabinet.max import client
from cabinet.max.selectors import bot_token
from tenants.selectors import company_entered


def answer_write(user_id: int, what: str) -> None:
    """Write a short answer; one that MAX does not take is let go."""
    token = bot_token()
    if not token:
        return
    try:
        client.message_write(token, user_id=str(user_id), text=_text(what))
    except (client.MaxFailed, client.MaxUnknown):
        return


def _text(what: str) -> str:
    company = company_entered()
    page = f"{company.url}{reverse('max:page')}"
    if what == "opened":
        said = _(
            "Остался один шаг. Вернитесь в личный кабинет и подтвердите, что это вы: %(page)s\n\n"
            "Если ссылку вам прислал кто-то другой, ничего делать не нужно."
        )
    elif what == "confirmed":
        said = _("Готово. Сообщения от %(company)s теперь приходят и сюда.")
    elif what == "over":
        said = _(
            "Эта ссылка уже использована или её время вышло. Получите новую в личном кабинете: %(page)s"
        )
    else:
        said = _(
            "Здравствуйте! Чтобы получать сообщения от %(company)s, подключите MAX в личном кабинете: "
            "%(page)s"
        )
    return said % {"company": company.name, "page": page}

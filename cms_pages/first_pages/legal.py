"""Drafts of legal documents. Marks in brackets are filled from the company's requisites and telephones."""

import re
from dataclasses import dataclass

from django.utils.html import escape
from wagtail.models import Site

from cms_pages.brand.models import BrandSettings
from cms_pages.brand.requisites import CompanyRequisites
from portal.formats.phones import phone_shown

# Until this sentence is deleted, the text cannot be published.
TO_READ = "Черновик портала: проверьте юристом"

NAME, INN, OGRN = "[полное название]", "[ИНН]", "[ОГРН]"
ADDRESS, EMAIL, PHONE = "[юридический адрес]", "[электронная почта]", "[телефон]"
MARKS = (NAME, INN, OGRN, ADDRESS, EMAIL, PHONE)

# Asks somebody to write something: «[Опишите меры защиты.]».
_BRACKETS = re.compile(r"\[[А-ЯЁа-яё][^\[\]<>]{2,80}\]")

_OPERATOR = (
    f"<p>Оператор персональных данных: {NAME}, ИНН {INN}, ОГРН {OGRN}, адрес: {ADDRESS}, "
    f"электронная почта: {EMAIL}, телефон: {PHONE}.</p>"
)
_WHAT = (
    "<h2>Какие данные</h2><p>Фамилия, имя и отчество, адрес, номер лицевого счёта, телефон и электронная "
    "почта, начисления и платежи{more}, обращения и ответы на них.</p>"
)
_RIGHTS = (
    "<h2>Как отозвать согласие</h2><p>Напишите нам или удалите личный кабинет в его настройках. В течение "
    "30 дней мы уничтожим данные, которые не обязаны хранить по закону.</p>"
)


@dataclass(frozen=True, kw_only=True)
class FirstDocument:
    title: str
    slug: str
    kind: str
    lead: str
    text: str

    @property
    def draft(self) -> str:
        """Return the text below the sentence for a lawyer."""
        return (
            f"<p><b>{TO_READ}, поправьте и удалите этот абзац.</b> Слова в квадратных скобках появятся из "
            f"реквизитов и контактов компании, когда они заполнены.</p>{self.text}"
        )


def documents(*, is_gas: bool) -> list[FirstDocument]:
    more = ", показания и поверки счётчика" if is_gas else ""
    return [_consent(more), _policy(more), _terms(), _cookies()]


def _consent(more: str) -> FirstDocument:
    return FirstDocument(
        title="Согласие на обработку персональных данных",
        slug="soglasie",
        kind="consent",
        lead="С ним соглашаются, когда регистрируют личный кабинет.",
        text=f"<p>Я даю согласие на обработку моих персональных данных: сбор, запись, хранение, уточнение, "
        f"использование и удаление, с помощью компьютера и без него.</p>{_OPERATOR}"
        "<h2>Для чего</h2><p>Чтобы пользоваться личным кабинетом: видеть начисления, платить, передавать "
        f"обращения и получать ответы.</p>{_WHAT.format(more=more)}"
        f"<h2>На какой срок</h2><p>Пока есть личный кабинет.</p>{_RIGHTS}",
    )


def _policy(more: str) -> FirstDocument:
    return FirstDocument(
        title="Политика в отношении персональных данных",
        slug="politika",
        kind="policy",
        lead="Что мы храним, зачем, кому передаём и как защищаем.",
        text="<p>Мы обрабатываем персональные данные по Федеральному закону от 27.07.2006 № 152-ФЗ.</p>"
        f"{_OPERATOR}<h2>Зачем</h2><p>Чтобы исполнять договор с вами и отвечать на обращения.</p>"
        f"{_WHAT.format(more=more)}<h2>Кому передаём</h2><p>Банку и платёжному сервису — чтобы принять платёж; "
        "государственным органам — когда этого требует закон. [Перечислите других получателей.]</p>"
        "<h2>Как защищаем</h2><p>Данные хранятся в России. [Опишите меры защиты.]</p>"
        f"<h2>Ваши права</h2><p>Вы можете узнать, какие данные мы храним, исправить их и потребовать удалить "
        f"то, что хранить не обязательно. Напишите на {EMAIL}.</p>",
    )


def _terms() -> FirstDocument:
    return FirstDocument(
        title="Пользовательское соглашение",
        slug="soglashenie",
        kind="terms",
        lead="Условия пользования личным кабинетом.",
        text=f"<p>Личным кабинетом управляет {NAME}, ИНН {INN}.</p>"
        "<h2>Кто может пользоваться</h2><p>Владелец лицевого счёта, наниматель и те, кому он открыл доступ. "
        "Пользование бесплатно.</p>"
        "<h2>Пароль</h2><p>Храните его в тайне. Если пароль узнал кто-то другой, смените его и сообщите нам: "
        f"{PHONE}.</p>"
        "<h2>Суммы и платежи</h2><p>Суммы в личном кабинете — из учёта компании. [Опишите, когда платёж "
        "считается принятым и как возвращают деньги.]</p>"
        "<h2>Изменения</h2><p>Новая редакция действует со дня, который в ней указан. Прежние остаются на сайте.</p>",
    )


def _cookies() -> FirstDocument:
    return FirstDocument(
        title="Файлы cookie",
        slug="faily-cookie",
        kind="other",
        lead="Что сайт запоминает в вашем браузере.",
        text="<p>Сайт хранит в браузере только то, без чего не работает: вход в личный кабинет, защиту форм и "
        "выбранные настройки (размер букв, показ меню).</p><p>Рекламы и счётчиков посещений других компаний "
        "на сайте нет. [Проверьте, не добавила ли компания своих.]</p><p>Удалить эти файлы можно в "
        "настройках браузера: тогда понадобится войти снова.</p>",
    )


def text_filled(text: str) -> str:
    """Return the text with the marks replaced by what the company's settings have by now."""
    if not any(mark in text for mark in MARKS):
        return text
    site = Site.objects.get(is_default_site=True)
    brand, requisites = BrandSettings.for_site(site), CompanyRequisites.for_site(site)
    number = brand.phone or brand.contact_centre_phone
    known = {
        NAME: requisites.legal_name,
        INN: requisites.inn,
        OGRN: requisites.ogrn,
        ADDRESS: requisites.legal_address,
        EMAIL: brand.email,
        PHONE: phone_shown(number).replace(" ", "\u00a0") if number else "",
    }
    for mark, value in known.items():
        text = text.replace(mark, escape(value) if value else mark)
    return text


def text_lacks(text: str) -> list[str]:
    """Return what keeps the text from being published: what a lawyer has not read, marks without a value."""
    unread = [TO_READ] if TO_READ in text else []
    return [*unread, *dict.fromkeys(_BRACKETS.findall(text))]

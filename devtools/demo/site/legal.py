"""Consent and policy, each with an earlier wording."""

import datetime
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SampleVersion:
    number: str
    day: datetime.date
    text: str


@dataclass(frozen=True, kw_only=True)
class SampleDocument:
    title: str
    slug: str
    kind: str
    lead: str
    versions: tuple[SampleVersion, ...]


_WHAT = (
    "<h2>Какие данные</h2><p>Фамилия, имя и отчество, адрес, номер лицевого счёта, показания прибора учёта, "
    "телефон и электронная почта.</p>"
)
_RIGHTS = (
    "<h2>Как отозвать</h2><p>Напишите нам или удалите кабинет в его настройках. В течение 30 дней данные, "
    "которые не обязан хранить закон, будут уничтожены.</p>"
)


def documents(name: str) -> list[SampleDocument]:
    return [
        SampleDocument(
            title="Согласие на обработку персональных данных",
            slug="soglasie",
            kind="consent",
            lead="Отдельный документ, как того требует закон с 1 сентября 2025 года.",
            versions=(
                SampleVersion(
                    number="1",
                    day=datetime.date(2025, 9, 1),
                    text=f"<p>Я даю {name} согласие на обработку моих персональных данных, чтобы пользоваться "
                    f"личным кабинетом.</p>{_WHAT}{_RIGHTS}",
                ),
                SampleVersion(
                    number="2",
                    day=datetime.date(2026, 7, 1),
                    text=f"<p>Я даю {name} согласие на обработку моих персональных данных: сбор, запись, "
                    "хранение, уточнение, использование и удаление, с помощью компьютера и без него.</p>"
                    "<h2>Для чего</h2><p>Чтобы пользоваться личным кабинетом: передавать показания, видеть "
                    f"начисления и получать ответы.</p>{_WHAT}"
                    "<h2>На какой срок</h2><p>Пока есть кабинет.</p>" + _RIGHTS,
                ),
            ),
        ),
        SampleDocument(
            title="Политика в отношении персональных данных",
            slug="politika",
            kind="policy",
            lead="Что мы храним, зачем, кому передаём и как защищаем.",
            versions=(
                SampleVersion(
                    number="3",
                    day=datetime.date(2026, 7, 1),
                    text=f"<p>{name} обрабатывает персональные данные по Федеральному закону № 152-ФЗ.</p>"
                    "<h2>Зачем</h2><p>Чтобы исполнять договор с вами и отвечать на обращения.</p>"
                    f"{_WHAT}<h2>Кому передаём</h2><p>Банку и платёжному сервису — чтобы принять платёж; "
                    "государственным органам — когда этого требует закон. Больше никому.</p>"
                    "<h2>Как защищаем</h2><p>Данные хранятся в России, доступ к ним есть только у тех, кому он "
                    f"нужен по работе, и каждое обращение записывается.</p>{_RIGHTS}",
                ),
            ),
        ),
    ]

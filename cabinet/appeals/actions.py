"""How the log of actions names what happens to appeals."""

from django.utils.translation import gettext_lazy as _

ACTION_TITLES: dict[str, object] = {
    "appeal.open": _("принял обращение"),
    "appeal.take": _("взял обращение в\u00a0работу"),
    "appeal.assign": _("поручил обращение"),
    "appeal.release": _("вернул обращение в очередь"),
    "appeal.takeover": _("перехватил ответ на обращение"),
    "appeal.answer": _("ответил на обращение"),
    "appeal.note": _("добавил заметку к обращению"),
    "appeal.transfer": _("передал обращение"),
    "appeal.ask": _("получил вопрос абонента по обращению"),
    "appeal.rate": _("получил отзыв абонента об ответе"),
    "appeal.withdraw": _("узнал, что абонент отозвал обращение"),
    "appeal.close": _("закрыл обращение по времени"),
    "appeal.forget": _("стёр написанное автором обращения"),
}
# What the writer of an appeal has done, or the clock.
TITLES_OF_NOBODY: dict[str, object] = {
    "appeal.open": _("абонент отправил обращение"),
    "appeal.ask": _("абонент задал вопрос по обращению"),
    "appeal.rate": _("абонент оставил отзыв об ответе на обращение"),
    "appeal.withdraw": _("абонент отозвал обращение"),
    "appeal.close": _("срок обращения вышел, оно закрыто"),
}

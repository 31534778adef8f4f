"""The version for weak sight (ГОСТ Р 52872-2019): a cookie of this browser, a class on <html>.

Everything is one short word of a fixed list: nothing that a visitor sends reaches a page. A page that is
cached for all must be cached by `LowVision.cookie` too.
"""

from dataclasses import dataclass, fields

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict

COOKIE_SECONDS = 31_536_000

CHOICES: dict[str, dict[str, str]] = {
    "size": {"large": "Крупный", "larger": "Очень крупный", "largest": "Самый крупный"},
    "colours": {
        "light": "Чёрным по белому",
        "dark": "Белым по чёрному",
        "blue": "Тёмно-синим по голубому",
        "sand": "Коричневым по бежевому",
    },
    "spacing": {"usual": "Обычные", "wide": "Широкие", "widest": "Очень широкие"},
    "pictures": {"on": "Показывать", "off": "Скрыть"},
}
TITLES = {
    "size": "Размер текста",
    "colours": "Цвета",
    "spacing": "Промежутки между буквами",
    "pictures": "Картинки",
}


@dataclass(frozen=True)
class LowVision:
    """How to show pages; the first of each list is what one press of the link gives."""

    size: str = "large"
    colours: str = "light"
    spacing: str = "usual"
    pictures: str = "on"

    @property
    def cookie(self) -> str:
        return ".".join(getattr(self, field.name) for field in fields(self))

    @property
    def css_class(self) -> str:
        return " ".join(
            [
                "low-vision",
                *(
                    f"low-vision--{field.name}-{getattr(self, field.name)}"
                    for field in fields(self)
                ),
            ]
        )


def low_vision_of(request: HttpRequest) -> LowVision | None:
    """Return the version that this browser has chosen; None for the usual one."""
    words = request.COOKIES.get(settings.LOW_VISION_COOKIE, "").split(".")
    names = [field.name for field in fields(LowVision)]
    if len(words) != len(names):
        return None
    chosen = dict(zip(names, words, strict=True))
    if any(word not in CHOICES[name] for name, word in chosen.items()):
        return None
    return LowVision(**chosen)


def low_vision_asked(query: QueryDict, before: LowVision | None) -> LowVision:
    """Return the version that a link of the panel asks for: one choice changes, the others stay."""
    current = before or LowVision()
    words = {}
    for field in fields(LowVision):
        word = query.get(field.name, "")
        words[field.name] = word if word in CHOICES[field.name] else getattr(current, field.name)
    return LowVision(**words)


def low_vision_remember(response: HttpResponse, low_vision: LowVision | None) -> None:
    """Set the cookie of this host, or delete it for None."""
    if low_vision is None:
        response.delete_cookie(settings.LOW_VISION_COOKIE, samesite="Lax")
        return
    response.set_cookie(
        settings.LOW_VISION_COOKIE,
        low_vision.cookie,
        max_age=COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


@dataclass(frozen=True)
class Option:
    name: str
    value: str
    label: str
    current: bool


def low_vision_options(low_vision: LowVision) -> list[tuple[str, list[Option]]]:
    """Return the panel: a title and its choices."""
    return [
        (
            TITLES[name],
            [
                Option(name, value, label, getattr(low_vision, name) == value)
                for value, label in values.items()
            ],
        )
        for name, values in CHOICES.items()
    ]

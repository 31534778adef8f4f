"""Contrast of a company's colour, and the nearest colours that can be read (WCAG 2.1, 1.4.3)."""

import colorsys

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

CONTRAST = 4.5
Rgb = tuple[float, float, float]
# Grounds of text in the brand's colour: cards, and the page (portal/assets/scss/_tokens.scss). White is
# also the colour of text on it.
GROUNDS = {"белом": "#ffffff", "сером фоне страницы": "#f3f6f8"}
SOFT_SHARE = 0.08  # of the brand's colour in --brand-soft, behind the current item of the menu


def parse(colour: str) -> Rgb:
    """Return `#rrggbb` as three shares of one. Raises ValueError."""
    return (int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255)


def written(rgb: Rgb) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in rgb)


def luminance(rgb: Rgb) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in rgb
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 (the same) to 21 (black and white)."""
    lights = sorted((luminance(parse(one)), luminance(parse(other))))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def soft_shade(colour: str) -> str:
    """Return --brand-soft of a colour: almost white. Text in the colour can be read on it."""
    red, green, blue = (part * SOFT_SHARE + 1 - SOFT_SHARE for part in parse(colour))
    return written((red, green, blue))


def worst_contrast(colour: str) -> float:
    """Return the least contrast over all grounds of the colour, its own soft shade included."""
    grounds = [*GROUNDS.values(), soft_shade(colour)]
    return min(contrast(colour, ground) for ground in grounds)


def nearest_readable(colour: str) -> list[str]:
    """Return the nearest darker colours that pass: of the same hue, as saturated and less so."""
    hue, light, saturation = colorsys.rgb_to_hls(*parse(colour))
    found: list[str] = []
    for share in (1, 0.7):
        for step in range(1000, -1, -1):
            candidate = written(colorsys.hls_to_rgb(hue, light * step / 1000, saturation * share))
            if worst_contrast(candidate) >= CONTRAST:
                found.append(candidate)
                break
    return list(dict.fromkeys(found))


def validate_readable(colour: str) -> None:
    """Raise ValidationError with the nearest colours that pass, if the contrast is too low.

    The form of the colour has a validator of its own.
    """
    try:
        found = worst_contrast(colour)
    except ValueError:
        return
    if found < CONTRAST:
        raise ValidationError(
            _(
                "Этот цвет с белым даёт контраст %(found)s, а нужно не меньше 4,5: надписи будет не "
                "прочесть. Ближайшие подходящие: %(nearest)s."
            ),
            code="contrast",
            params={
                # Not rounded up to a number that would pass.
                "found": f"{int(found * 100) / 100:.2f}".replace(".", ","),
                "nearest": ", ".join(nearest_readable(colour)),
            },
        )

"""SVG drawings, accepted as shapes only: anything else may be a program, and is refused, not cleaned.

Read by expat itself: a parser that builds a tree would already have followed entities.
"""

import re
from xml.parsers import expat

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
# Drawing programs leave notes in namespaces of their own; browsers do not draw them.
NOTES = (
    "http://www.inkscape.org/",
    "http://sodipodi.sourceforge.net/",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/",
    "http://ns.adobe.com/",
    "http://www.corel.com/",
    "http://www.bohemiancoding.com/",
)
SHAPES = frozenset(
    {
        "svg",
        "g",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
    }
    | {"defs", "use", "symbol", "title", "desc", "metadata", "style", "pattern", "clipPath", "mask"}
    | {"linearGradient", "radialGradient", "stop"}
)
OUTSIDE = re.compile(
    r"url\s*\(\s*['\"]?\s*(?!['\"]?#)|@import|image-set|expression|javascript:|\\", re.I
)


class UnsafeSvg(Exception):
    """The fault of a drawing, in Russian, to follow «В файле»."""


def check_svg(content: bytes) -> None:
    """Raise UnsafeSvg unless the file is an SVG of shapes that refer to nothing outside it."""
    parser = expat.ParserCreate(namespace_separator=" ")
    elements: list[str] = []
    texts: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        namespace, _, local = name.rpartition(" ")
        elements.append(name)
        if len(elements) == 1 and name != f"{SVG} svg":
            raise UnsafeSvg("не рисунок SVG.")
        if namespace != SVG:
            if not namespace.startswith(NOTES):
                raise UnsafeSvg(f"постороннее содержимое «{local}».")
        elif local not in SHAPES:
            raise UnsafeSvg(f"недопустимый элемент «{local}»: логотип — только рисунок.")
        for key, value in attributes.items():
            _check_attribute(key, value)

    def doctype(*_: object) -> None:
        raise UnsafeSvg("объявления сущностей.")

    def instruction(target: str, _: str) -> None:
        raise UnsafeSvg(f"указание «{target}» для браузера.")

    parser.StartElementHandler = start
    parser.EntityDeclHandler = doctype
    parser.CharacterDataHandler = texts.append  # handed over in pieces
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnsafeSvg("ошибка: это не SVG или он повреждён.") from error
    if OUTSIDE.search("".join(texts)):
        raise UnsafeSvg("ссылка на посторонний файл.")


def _check_attribute(key: str, value: str) -> None:
    namespace, _, local = key.rpartition(" ")
    if local.lower().startswith("on"):
        raise UnsafeSvg(f"сценарий («{local}»).")
    if local.lower() == "href" and namespace in ("", XLINK) and not value.startswith("#"):
        raise UnsafeSvg("ссылка на посторонний файл.")
    if OUTSIDE.search(value):
        raise UnsafeSvg("ссылка на посторонний файл.")

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


# What a drawing may come to when all that it repeats is drawn: a few nested lines could be billions.
MOST_DRAWN = 50_000
MOST_NESTED = 100
_REFERENCE = re.compile(r"url\s*\(\s*['\"]?\s*#([^'\")\s]+)")


class UnsafeSvg(Exception):
    """The fault of a drawing, in Russian, to follow «В файле»."""


def check_svg(content: bytes) -> None:
    """Raise UnsafeSvg unless the file is an SVG of shapes that refer to nothing outside it."""
    parser = expat.ParserCreate(namespace_separator=" ")
    elements: list[str] = []
    texts: list[str] = []
    drawing = _Drawing()

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
        drawing.begin(attributes)

    def doctype(*_: object) -> None:
        raise UnsafeSvg("объявления сущностей.")

    def instruction(target: str, _: str) -> None:
        raise UnsafeSvg(f"указание «{target}» для браузера.")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _name: drawing.end()
    parser.EntityDeclHandler = doctype
    parser.CharacterDataHandler = texts.append  # handed over in pieces
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise UnsafeSvg("ошибка: это не SVG или он повреждён.") from error
    if OUTSIDE.search("".join(texts)):
        raise UnsafeSvg("ссылка на посторонний файл.")
    if drawing.drawn() > MOST_DRAWN:
        raise UnsafeSvg("слишком много повторений: логотип рисовался бы очень долго.")


class _Drawing:
    """The elements of a drawing, by what they hold and what they repeat; the first is all of it."""

    def __init__(self) -> None:
        self._parts: list[list[int | str]] = [[]]
        self._open = [0]
        self._named: dict[str, int] = {}
        self._known: dict[int, int] = {}

    def begin(self, attributes: dict[str, str]) -> None:
        if len(self._open) > MOST_NESTED:
            raise UnsafeSvg("слишком глубоко вложенные элементы.")
        number = len(self._parts)
        repeated: list[int | str] = []
        for key, value in attributes.items():
            local = key.rpartition(" ")[2].lower()
            if local == "id":
                self._named.setdefault(value, number)
            elif local == "href":
                repeated.append(value.removeprefix("#"))
            else:
                repeated += _REFERENCE.findall(value)
        self._parts[self._open[-1]].append(number)
        self._parts.append(repeated)
        self._open.append(number)

    def end(self) -> None:
        self._open.pop()

    def drawn(self, number: int = 0, depth: int = 0) -> int:
        """Return how many elements are drawn for one; what repeats itself is too many."""
        if number in self._known:
            return self._known[number]
        self._known[number] = MOST_DRAWN + 1  # for those that it is in
        if depth > 3 * MOST_NESTED:
            return MOST_DRAWN + 1
        count = 1
        for part in self._parts[number]:
            inner = self._named.get(part) if isinstance(part, str) else part
            if inner is not None:
                count = min(count + self.drawn(inner, depth + 1), MOST_DRAWN + 1)
        self._known[number] = count
        return count


def _check_attribute(key: str, value: str) -> None:
    namespace, _, local = key.rpartition(" ")
    if local.lower().startswith("on"):
        raise UnsafeSvg(f"сценарий («{local}»).")
    if local.lower() == "href" and namespace in ("", XLINK) and not value.startswith("#"):
        raise UnsafeSvg("ссылка на посторонний файл.")
    if OUTSIDE.search(value):
        raise UnsafeSvg("ссылка на посторонний файл.")

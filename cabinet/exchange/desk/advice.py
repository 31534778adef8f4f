"""What to do with a package that was not loaded, where, and which button can help."""

from dataclasses import dataclass

from cabinet.exchange.files import FILES
from cabinet.exchange.models import Package
from cabinet.exchange.package.archive import MANIFEST, NOT_INTACT
from cabinet.exchange.package.checks import DOUBLED
from cabinet.exchange.package.lines import NOT_UTF8
from cabinet.exchange.uploaded_files import upload_path

_UNKNOWN = frozenset(
    reference.unknown for declaration in FILES for reference in declaration.references
)
_UPLOAD = "на\u00a0странице «Загрузить пакет»"


@dataclass(frozen=True)
class Advice:
    """Sentences for the person, and which of the two buttons can help."""

    says: list[str]
    again: bool = False
    good_rows: bool = False


def advice_of(package: Package) -> Advice:
    """Return what to do with a package that has failed; nothing is offered that would be refused again."""
    if package.state == Package.State.INTERRUPTED:
        return _interrupted(package)
    match package.refusal:
        case Package.Refusal.TOO_LARGE:
            return Advice(
                [
                    "Этот\u00a0же архив портал не\u00a0возьмёт и\u00a0во\u00a0второй раз.",
                    "В\u00a0биллинге разделите выгрузку на\u00a0несколько пакетов, каждый "
                    "со\u00a0своим "
                    f"package_id, и\u00a0загрузите их по\u00a0очереди {_UPLOAD}.",
                ]
            )
        case Package.Refusal.CONFLICT:
            return Advice(_conflict(package))
        case Package.Refusal.BROKEN:
            return _broken(package)
    return Advice([])


def _interrupted(package: Package) -> Advice:
    if _has_file(package):
        return Advice(
            ["Пакет ни\u00a0в\u00a0чём не\u00a0виноват: нажмите «Повторить» здесь."], again=True
        )
    return Advice(
        [
            "Файла на\u00a0портале больше нет, повторить отсюда нельзя. Возьмите тот\u00a0же архив "
            f"и\u00a0загрузите его {_UPLOAD}."
        ]
    )


def _has_file(package: Package) -> bool:
    return bool(package.file) and upload_path(package.file).exists()


def _conflict(package: Package) -> list[str]:
    if "другим манифестом" in _reasons(package):
        return [
            "Пакет с\u00a0этим номером уже загружен, а\u00a0содержимое было другим. Повторять "
            "бесполезно.",
            "Если это новые данные, выгрузите их из\u00a0биллинга под новым package_id "
            "и\u00a0загрузите "
            f"{_UPLOAD}. Если это тот\u00a0же пакет, делать ничего не\u00a0нужно.",
        ]
    return [
        "На\u00a0портале уже более новые данные, старые поверх них он не\u00a0пишет. Повторять "
        "бесполезно.",
        "Если этот пакет просто опоздал, делать ничего не\u00a0нужно. Если в\u00a0нём "
        "исправления, выгрузите "
        "их из\u00a0биллинга заново: с\u00a0новым package_id и\u00a0с\u00a0as_of не\u00a0раньше "
        "того, что уже загружено.",
    ]


def _broken(package: Package) -> Advice:
    """Return advice about errors in the package, by what is wrong first: archive, manifest, files, rows."""
    files = {one["file"] for one in package.problems}
    reasons = _reasons(package)
    if MANIFEST in files and "tenant:" in reasons:
        return Advice(
            [
                "Это пакет другой компании: здесь он не\u00a0загрузится никогда, "
                "и\u00a0исправлять в\u00a0нём нечего.",
                "Загрузите его в\u00a0админке той компании. Если компания всё-таки наша, исправьте "
                "tenant в\u00a0настройках выгрузки биллинга и\u00a0выгрузите пакет заново.",
            ]
        )
    if NOT_INTACT in reasons or "архив повреждён" in reasons or "не zip-архив" in reasons:
        return Advice(
            [
                "На\u00a0портал попал испорченный файл, поэтому повтор с\u00a0портала "
                "не\u00a0поможет.",
                "Возьмите исходный архив из\u00a0биллинга (обычный zip, без пароля) "
                "и\u00a0загрузите его ещё раз "
                f"{_UPLOAD}. Если ошибка та\u00a0же, выгрузите пакет из\u00a0биллинга заново: "
                f"SHA-256 "
                "в\u00a0манифесте должен считаться после того, как файл записан.",
            ]
        )
    if MANIFEST in files:
        return Advice(
            [
                "Ошибка в\u00a0manifest.json, строки таблиц портал ещё не\u00a0читал.",
                "Исправьте настройки выгрузки по\u00a0таблице ниже, выгрузите пакет заново "
                "и\u00a0загрузите "
                f"{_UPLOAD}. Номер пакета можно оставить прежним.",
            ]
        )
    if NOT_UTF8 in reasons:
        return Advice(
            [
                "Файл не\u00a0в\u00a0той кодировке: чаще всего это Windows-1251.",
                "В\u00a0настройках выгрузки биллинга выберите UTF-8 и\u00a0выгрузите пакет "
                "заново, чтобы "
                f"пересчитались и\u00a0SHA-256 в\u00a0манифесте. Загрузите его {_UPLOAD}.",
            ]
        )
    return _rows(package, reasons)


def _rows(package: Package, reasons: str) -> Advice:
    if any(not one["line"] or one["line"] == 1 for one in package.problems):
        return Advice(
            [
                "Ошибка в\u00a0файле целиком, а\u00a0не\u00a0в\u00a0отдельных строках, поэтому "
                "годных строк портал не\u00a0отделит.",
                "Исправьте выгрузку по\u00a0таблице ниже, выгрузите пакет заново и\u00a0загрузите "
                f"{_UPLOAD}. Номер пакета можно оставить прежним.",
            ]
        )
    unknown = [one for one in package.problems if one["reason"] in _UNKNOWN]
    says = []
    if unknown:
        says.append(
            "Строки называют то, чего на\u00a0портале ещё нет. Сначала загрузите пакет, "
            "в\u00a0котором оно есть, "
            "а\u00a0потом нажмите «Повторить» здесь."
        )
    if DOUBLED in reasons:
        says.append("Одна запись выгружена дважды: оставьте в\u00a0биллинге одну из\u00a0них.")
    if len(unknown) < len(package.problems):
        says.append(
            "Исправьте эти строки в\u00a0биллинге, выгрузите пакет заново и\u00a0загрузите "
            f"{_UPLOAD}. Номер пакета можно оставить прежним. Тот\u00a0же архив без исправлений "
            "портал снова отклонит."
        )
    if not package.wants_rejects and _has_file(package):
        says.append(
            "Или загрузите остальные строки этого архива: строки с\u00a0ошибками портал отложит "
            "в\u00a0файл."
        )
    return Advice(
        says,
        again=bool(unknown) and _has_file(package),
        good_rows=not package.wants_rejects and _has_file(package),
    )


def _reasons(package: Package) -> str:
    return "\n".join(one["reason"] for one in package.problems)

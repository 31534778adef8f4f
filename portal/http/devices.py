"""Browsers and devices in words, for lists of sessions."""

from django.utils.translation import gettext as _
from ua_parser import parse

# Names of browsers as their owners know them.
_BROWSERS = {
    "Yandex Browser": "Яндекс Браузер",
    "YandexSearch": "Яндекс",
    "Samsung Internet": "браузер Samsung",
    "Mobile Safari": "Safari",
    "Chrome Mobile": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Edge Mobile": "Edge",
    "Opera Mobile": "Opera",
    "MiuiBrowser": "браузер Xiaomi",
}


def device_in_words(user_agent: str) -> str:
    """Describe a User-Agent: «Samsung SM-A105F, Chrome», or «Неизвестное устройство» for nonsense."""
    if not user_agent:
        return _("Неизвестное устройство")
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    device = found.device.family if found.device else ""
    words = [
        _machine(device, system),
        _BROWSERS.get(browser, browser),
    ]
    return ", ".join(word for word in words if word) or _("Неизвестное устройство")


def _machine(device: str, system: str) -> str:
    if device in {"iPhone", "iPad"} or (system == "Android" and device and device != "K"):
        return device
    if system == "Android":
        return _("Телефон или планшет с Android")
    names = {"Mac OS X": "Mac", "Windows": _("Компьютер с Windows"), "Linux": "Linux"}
    return str(names.get(system, system))

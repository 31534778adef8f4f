"""What the person who started the demo needs to know."""

from devtools.demo.companies import COMPANIES
from devtools.demo.exchange import exchange_token
from devtools.demo.logins import LOGINS, PASSWORD, SUBSCRIBER, SUBSCRIBER_PHONE


def table(*, port: int, seconds: float) -> str:
    base = f"http://gas.localhost:{port}"
    lines = [
        "",
        f"Портал работает (запуск занял {seconds:.0f} с). Остановить: Ctrl-C.",
        "",
        f"  {base}/   выбор региона",
    ]
    for company in COMPANIES:
        lines.append(f"  http://{company.host}:{port}/   {company.name}")
        if company.example:
            lines.append(f"      показания без регистрации: /guest/readings/ ({company.example})")
    lines += [
        f"  {base}/demo/mail/   письма и СМС портала",
        f"  http://{COMPANIES[0].host}:{port}/api/exchange/v1/   обмен с биллингом; ключ: "
        f"{exchange_token(COMPANIES[0].schema)}",
        f"  {base}/healthz   состояние частей",
        "",
        f"Пароль у всех — {PASSWORD}. Абоненты входят в кабинет любой компании:",
        f"  {f'http://{COMPANIES[0].host}:{port}/cabinet/':<44} {SUBSCRIBER}",
        f"  {'':<44} {SUBSCRIBER_PHONE} (вход по номеру телефона)",
        "Сотрудники (администраторы при первом входе настраивают второй фактор: нужно приложение",
        "для кодов, например Яндекс Ключ или FreeOTP):",
    ]
    hosts = {company.schema: company.host for company in COMPANIES} | {"public": "gas.localhost"}
    for login in LOGINS:
        address = f"http://{hosts[login.schema]}:{port}/admin/"
        lines.append(f"  {address:<44} {login.username:<10} {login.title}")
    return "\n".join(lines)

"""The form that links account 805107."""

RIGHT = {
    "region": "Псковская область",
    "account_number": "805107",
    "initials": "ОЕГ",
    "serial_number": "07416852",
}

def phone_href(number: str) -> str:
    """For a `tel:` link: digits and the leading plus.

    A number of ten digits, as people here write it with its town's code, gets the country's code: with
    the digits alone a mobile telephone dials somewhere else.
    """
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return f"+7{digits}" if len(digits) == 10 and digits.isdigit() else digits

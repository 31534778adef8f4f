def phone_href(number: str) -> str:
    """For a `tel:` link: digits and the leading plus."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")

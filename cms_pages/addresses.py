"""Addresses that other apps may have, asked for without importing them."""

from django.urls import Resolver404, resolve


def address_exists(path: str) -> bool:
    """Whether an app answers here; Wagtail's catch-all, which takes any address, does not count."""
    try:
        match = resolve(path)
    except Resolver404:
        return False
    return match.url_name != "wagtail_serve"

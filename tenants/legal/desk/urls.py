"""Addresses of the legal desk, on the base host only."""

from django.urls import URLPattern, path

from portal.desk.access import central_only
from tenants.legal.desk import changing, rules


def legal_urls() -> list[URLPattern]:
    return [
        path("legal/", central_only(rules.rules), name="legal_office"),
        path("legal/<slug:code>/", central_only(rules.rule_show), name="legal_rule"),
        path("legal/<slug:code>/new/", central_only(changing.change), name="legal_change"),
        path(
            "legal/<slug:code>/<int:record_id>/correct/",
            central_only(changing.correct),
            name="legal_correct",
        ),
        path(
            "legal/<slug:code>/<int:record_id>/withdraw/",
            central_only(changing.withdraw),
            name="legal_withdraw",
        ),
    ]

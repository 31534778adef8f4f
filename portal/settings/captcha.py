"""What the captcha asks of the settings."""

from typing import Any


def with_captcha_sources(policy: dict[str, Any], url: str) -> dict[str, Any]:
    """Return the content security policy, opened for a captcha that comes from elsewhere."""
    directives = dict(policy["DIRECTIVES"])
    for name in ("script-src", "connect-src", "frame-src"):
        directives[name] = [*directives.get(name, []), url]
    return {**policy, "DIRECTIVES": directives}

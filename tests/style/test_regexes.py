"""`$` in Python also matches before a last line feed: `validate("pskov\\n")` would pass."""

import ast
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from tenants.models import Domain, validate_schema_name

# pydantic's patterns are Rust's, where `$` is the end.
RUST = {"cabinet/exchange/package/manifest.py"}


def texts_with_an_end() -> list[str]:
    """Return where a text of the product's code looks like a regular expression that ends by `$`."""
    root, found = Path(settings.BASE_DIR), []
    for folder in ("portal", "tenants", "cms_pages", "cabinet", "devtools"):
        for path in sorted((root / folder).rglob("*.py")):
            name = str(path.relative_to(root))
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    text = node.value
                    if text.startswith("^") and "$" in text and name not in RUST:
                        found.append(f"{name}:{node.lineno} {text}")
    return found


def test_no_pattern_ends_before_a_line_feed():
    assert texts_with_an_end() == []


@pytest.mark.parametrize("name", ["pskov\n", "pskov\r", "pskov\x00", " pskov", "Pskov"])
def test_a_schema_has_a_strict_name(name):
    with pytest.raises(ValidationError):
        validate_schema_name(name)


def test_a_host_has_no_line_feed(db):
    for name in ("pskov.gas.ru\n", "pskov.gas.ru\r\n"):
        with pytest.raises(ValidationError):
            Domain._meta.get_field("domain").run_validators(name)


def test_manifests_patterns_end_at_the_end():
    from pydantic import BaseModel, Field
    from pydantic import ValidationError as Wrong

    class Row(BaseModel):
        name: str = Field(pattern="^[a-z]+$")

    with pytest.raises(Wrong):
        Row(name="pskov\n")

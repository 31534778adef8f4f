"""The words of the code: docstrings in the imperative, identifiers by the glossary."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

PRODUCT = ("portal", "tenants", "cms_pages", "cabinet", "devtools")
# The first word of a function's docstring. A new verb is added here; a noun never is.
VERBS = frozenset(
    re.findall(
        r"\w+",
        """
    Accept Add Allow Analyze Answer Append Apply Archive Ask Assign Attach Begin Block Book Bring
    Build Calculate Call Cancel Change Check Choose Claim Clean Clear Close Collect Commit Compare
    Compose Compute Confirm Convert Copy Correct Count Create Cut Decide Declare Delay Delete Deliver
    Describe Do Draw Drop Dump Edit End Enqueue Ensure Enter Exclude Expire Explain Export Extend
    Fail Fill Find Finish Forget Format Forward Free Gather Get Give Group Handle Hash Have Hide Hold
    Import Insert Invite Issue Join Keep Kill Lead Leave Let Limit Link List Load Lock Log Look Make
    Map Mark Match Measure Merge Migrate Move Name Narrow Normalize Note Notify Offer Open Order
    Parse Pick Place Prepare Print Process Prove Provision Publish Put Queue Raise Read Record
    Redeem Redirect Redraw Refresh Refuse Register Reject Release Remember Remind Remove Rename Render
    Repeat Replace Report Require Reserve Resolve Restore Restrict Resume Return Revoke Round Run Save
    Search Select Send Serve Set Show Sign Skip Sort Spend Split Stage Start Stop Store Stream
    Submit Subscribe Sum Suspend Sweep Switch Sync Take Tell Test Tidy Translate Try Turn Undo
    Unpack Update Use Validate Verify Wait Walk Warn Withdraw Work Wrap Write Yield
        """,
    )
)
# Words of identifiers that the glossary replaces, and by what.
REPLACED = {
    "told": "notified, reported",
    "tell": "notify, report",
    "telling": "notify, report",
    "kept": "offline, form_recovery, stored",
    "sight": "low_vision",
    "strikes": "LockoutCounter",
    "pasts": "ConsumptionHistory",
    "heard": "the event's name",
}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    for folder in PRODUCT:
        for path in sorted((settings.BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path.relative_to(settings.BASE_DIR), ast.parse(path.read_text())


def identifiers(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield names that the module defines: functions, classes, arguments, variables."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id


def test_a_functions_docstring_begins_with_a_verb():
    odd = [
        f"{path}:{node.lineno} {node.name}: {docstring.splitlines()[0]}"
        for path, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (docstring := ast.get_docstring(node))
        if docstring.split()[0].rstrip(",.:;") not in VERBS
    ]
    assert not odd, "\n".join(odd)


def test_identifiers_are_the_glossarys():
    odd = []
    for path, tree in modules():
        for line, name in [*identifiers(tree), (1, path.stem)]:
            words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)
            for word in {word.lower() for word in words} & REPLACED.keys():
                odd.append(f"{path}:{line} {name}: {word} is now {REPLACED[word]}")
    assert not odd, "\n".join(odd)

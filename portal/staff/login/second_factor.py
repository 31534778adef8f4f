"""The second factor of staff: a code of an authenticator app (TOTP), recovery codes for its loss.

Devices and throttling are django-otp's: each wrong code makes the next try wait twice as long. Its
rows live in the schema of the person, and a session names its device, so a login verified on one host
is worth nothing on another.
"""

import math

import django_otp
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal.audit.services import audit_write
from portal.connection import current_schema
from portal.secrets import keyed_hash, new_word
from portal.staff.exceptions import TooManyCodes, WrongCode
from portal.staff.models import StaffUser
from portal.staff.selectors import needs_second_factor

RECOVERY_CODES = 10
_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else


def second_factor_needed(user: StaffUser) -> bool:
    """Tell whether this person may not work without a second factor."""
    if current_schema() == "public":
        return True
    return needs_second_factor([group.name for group in user.groups.all()])


def second_factor_of(user: StaffUser) -> TOTPDevice | None:
    """Return the confirmed device, if there is one."""
    return TOTPDevice.objects.filter(user=user, confirmed=True).first()


def session_is_verified(request: HttpRequest) -> bool:
    """Tell whether this session has passed the second factor, by django-otp's middleware."""
    return getattr(request.user, "otp_device", None) is not None


def enrolment_start(*, user: StaffUser) -> TOTPDevice:
    """Return the device that waits for its first code; reloading the page keeps the same one."""
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="telephone", confirmed=False)


@transaction.atomic
def _enrol(user: StaffUser, code: str) -> tuple[TOTPDevice, bool]:
    device = TOTPDevice.objects.select_for_update().get(pk=enrolment_start(user=user).pk)
    _assert_allowed(device)
    if not device.verify_token(code):
        return device, False
    TOTPDevice.objects.filter(user=user).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    audit_write(actor=user, action="second_factor.enrol", subject=user)
    return device, True


def enrolment_confirm(*, request: HttpRequest, user: StaffUser, code: str) -> list[str]:
    """Start to use the device, verify this session by it, and give recovery codes, to be shown once.

    An earlier device and its codes end. Raises WrongCode or TooManyCodes.
    """
    # The wrong code is raised outside of the transaction, which keeps its count.
    device, right = _enrol(user, _tidy(code))
    if not right:
        raise WrongCode
    _session_verified(request, device)
    return recovery_codes_renew(user=user)


def code_verify(*, request: HttpRequest, user: StaffUser, code: str) -> Device:
    """Verify this session by a code of the telephone, or by a recovery code, which it spends.

    Raises WrongCode or TooManyCodes.
    """
    code = _tidy(code)
    by_telephone = code.isdigit() and len(code) == 6
    model = TOTPDevice if by_telephone else StaticDevice
    with transaction.atomic():
        device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            raise WrongCode
        _assert_allowed(device)
        right = device.verify_token(code if by_telephone else _hash(user, code))
        if right:
            action = "second_factor.verify" if by_telephone else "second_factor.recovery"
            audit_write(actor=user, action=action, subject=user)
    if not right:
        audit_write(actor=user, action="second_factor.failed", subject=user)
        raise WrongCode
    _session_verified(request, device)
    return device


@transaction.atomic
def recovery_codes_renew(*, user: StaffUser) -> list[str]:
    """Return ten new codes, stored as hashes, and delete the old ones."""
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery", confirmed=True)
    codes = [new_word(_ALPHABET, 10) for _ in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=_hash(user, code))
    audit_write(actor=user, action="second_factor.codes", subject=user)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def recovery_codes_left(user: StaffUser) -> int:
    device = StaticDevice.objects.filter(user=user).first()
    return device.token_set.count() if device else 0


@transaction.atomic
def second_factor_remove(*, user: StaffUser) -> None:
    """Delete all devices and codes of a person, which ends sessions verified by them."""
    TOTPDevice.objects.filter(user=user).delete()
    StaticDevice.objects.filter(user=user).delete()


def _session_verified(request: HttpRequest, device: Device) -> None:
    request.session.cycle_key()
    django_otp.login(request, device)


def _tidy(code: str) -> str:
    return "".join(sign for sign in code.lower() if sign.isalnum())


def _hash(user: StaffUser, code: str) -> str:
    """Return the hash of a code, by schema because staff ids repeat; django-otp's column has 16 signs."""
    purpose = f"portal.staff.recovery.{current_schema()}.{user.pk}"
    return keyed_hash(code, purpose=purpose)[:16]


def _assert_allowed(device: Device) -> None:
    allowed, why = device.verify_is_allowed()
    if not allowed:
        until = (why or {}).get("locked_until")
        left = (until - timezone.now()).total_seconds() if until else 1
        raise TooManyCodes(max(1, math.ceil(left)))

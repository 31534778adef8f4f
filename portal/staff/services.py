from collections.abc import Sequence

from django.contrib.auth.models import Group
from django.db import transaction

from portal.staff.models import StaffUser


@transaction.atomic
def staff_create(
    *,
    username: str,
    password: str,
    email: str = "",
    groups: Sequence[str] = (),
    superuser: bool = False,
) -> StaffUser:
    """Make a member of staff in the current schema, or bring an existing one to this state.

    `groups` are names of existing groups (raises Group.DoesNotExist). `superuser` is for public only:
    raises PermissionDenied elsewhere.
    """
    user, _ = StaffUser.objects.get_or_create(username=username, defaults={"email": email})
    user.set_password(password)
    user.is_superuser = user.is_staff = superuser
    user.save()
    user.groups.set(Group.objects.get(name=name) for name in groups)
    return user

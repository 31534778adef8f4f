from django.contrib.auth.tokens import PasswordResetTokenGenerator

from portal.connection import current_schema
from portal.staff.models import StaffUser


class SchemaTokenGenerator(PasswordResetTokenGenerator):
    """Password-reset tokens of one schema; the plain ones hold where ids and hashes are equal."""

    def _make_hash_value(self, user: StaffUser, timestamp: int) -> str:
        return f"{current_schema()}:{super()._make_hash_value(user, timestamp)}"


schema_token_generator = SchemaTokenGenerator()

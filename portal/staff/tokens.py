from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import connection


class SchemaTokenGenerator(PasswordResetTokenGenerator):
    """Password-reset tokens of one schema; the plain ones hold where ids and hashes are equal."""

    def _make_hash_value(self, user: AbstractBaseUser, timestamp: int) -> str:
        return f"{connection.schema_name}:{super()._make_hash_value(user, timestamp)}"


schema_token_generator = SchemaTokenGenerator()

from django.db import models


class TransactionNumberField(models.Field):  # type: ignore[type-arg]
    """The number of one of PostgreSQL's transactions, of the type that `xmin` has: equal or not."""

    def db_type(self, connection: object) -> str:
        return "xid"

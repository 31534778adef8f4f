"""A field for the answers of a form."""

import json
from typing import Any

from encrypted_fields.fields import EncryptedJSONField


class EncryptedAnswersField(EncryptedJSONField):
    """JSON that is encrypted as a whole.

    The library's own field encrypts each value and makes a text of it: False came back as "False", and the
    keys stood open.
    """

    def get_prep_value(self, value: Any) -> str:
        return json.dumps(self.f.encrypt(json.dumps(value).encode()).decode())

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str) or hasattr(self, "_already_decrypted"):
            return value
        return json.loads(self.f.decrypt(json.loads(value).encode()))

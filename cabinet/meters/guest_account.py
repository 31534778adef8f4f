"""An account that a guest has found, and the token in the page that says so."""

from dataclasses import dataclass

from django.core import signing

from cabinet.accounts.models import PersonalAccount
from tenants.models import GasCompany
from tenants.schemas import in_company

TOKEN_SALT = "cabinet.meters.guest"  # noqa: S105 — a namespace, not a secret
TOKEN_SECONDS = 12 * 3600


@dataclass(frozen=True)
class FoundAccount:
    """`token` stands in the page and lets this visitor send readings."""

    company: GasCompany
    account_pk: int
    account_number: str
    initials: str
    region: str

    @property
    def token(self) -> str:
        content = {
            "schema": self.company.schema_name,
            "account": self.account_pk,
            "initials": self.initials,
            "region": self.region,
        }
        return signing.dumps(content, salt=TOKEN_SALT)


def found_account(token: str, companies: list[GasCompany]) -> FoundAccount | None:
    """The account that a page of ours found; None for a forged token or one of yesterday."""
    try:
        content = signing.loads(token, salt=TOKEN_SALT, max_age=TOKEN_SECONDS)
    except signing.BadSignature:
        return None
    company = next((c for c in companies if c.schema_name == content["schema"]), None)
    if company is None:
        return None
    with in_company(company):
        account = PersonalAccount.objects.filter(pk=content["account"]).first()
    if account is None:
        return None
    return FoundAccount(
        company, account.pk, account.account_number, content["initials"], content["region"]
    )

from uuid import UUID

from django.db.models import Exists, OuterRef

from cabinet.accounts.models import PersonalAccount
from cabinet.mailings.models import ReceiptSubscription


def receipts_wanted(subscriber_id: UUID, account_numbers: list[str]) -> dict[str, bool]:
    """Of those accounts the ones that are not closed, and whether this person wants their receipts."""
    wishes = ReceiptSubscription.objects.filter(subscriber_id=subscriber_id, account=OuterRef("pk"))
    accounts = PersonalAccount.objects.filter(account_number__in=account_numbers, closed_on=None)
    return dict(accounts.annotate(is_on=Exists(wishes)).values_list("account_number", "is_on"))


def receipts_offered(subscriber_id: UUID, account: PersonalAccount) -> bool:
    """Whether «Информация» offers them: to who has not asked yet, while there will be receipts."""
    return receipts_wanted(subscriber_id, [account.account_number]) == {
        account.account_number: False
    }

"""The bot in MAX of the first company, connected at the stand-in."""

from devtools.demo.data.companies import COMPANIES
from devtools.demo.messenger import TOKEN


def bot_create() -> None:
    """Create the bot as its administrator would, once."""
    from cabinet.max.bots import bot_connect
    from cabinet.max.selectors import max_is_offered
    from portal.staff.models import StaffUser
    from tenants.models import GasCompany
    from tenants.schemas import in_company

    schema = COMPANIES[0].schema
    with in_company(GasCompany.objects.get(schema_name=schema)):
        if not max_is_offered():
            director = StaffUser.objects.get(username="director")
            bot_connect(token=TOKEN.format(schema), actor=director)

"""The files of the format that the portal takes, each after those that it refers to."""

from cabinet.exchange.files.accounts import ACCOUNTS
from cabinet.exchange.files.charges import CHARGES
from cabinet.exchange.files.contracts import CONTRACTS
from cabinet.exchange.files.declaration import FileDeclaration
from cabinet.exchange.files.equipment import EQUIPMENT
from cabinet.exchange.files.houses import HOUSES
from cabinet.exchange.files.meters import METERS
from cabinet.exchange.files.payments import PAYMENTS
from cabinet.exchange.files.readings import READINGS
from cabinet.exchange.files.tariffs import TARIFFS
from cabinet.exchange.files.works import WORKS

FILES: tuple[FileDeclaration, ...] = (
    HOUSES,
    WORKS,
    ACCOUNTS,
    EQUIPMENT,
    CONTRACTS,
    TARIFFS,
    METERS,
    READINGS,
    CHARGES,
    PAYMENTS,
)
FILES_BY_NAME = {declaration.name: declaration for declaration in FILES}

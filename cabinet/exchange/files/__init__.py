"""The files of the format that the portal takes, each after those that it refers to."""

from cabinet.exchange.declaration import FileDeclaration
from cabinet.exchange.files.accounts import ACCOUNTS
from cabinet.exchange.files.meters import METERS
from cabinet.exchange.files.readings import READINGS
from cabinet.exchange.files.tariffs import TARIFFS

FILES: tuple[FileDeclaration, ...] = (ACCOUNTS, TARIFFS, METERS, READINGS)
FILES_BY_NAME = {declaration.name: declaration for declaration in FILES}

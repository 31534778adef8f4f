from cabinet.accounts.models.accounts import Contract, Equipment, NumberKeyField, PersonalAccount
from cabinet.accounts.models.applications import Application
from cabinet.accounts.models.links import LinkDispute, RefusedProof, SurnameChange

__all__ = [
    "Application",
    "Contract",
    "Equipment",
    "LinkDispute",
    "NumberKeyField",
    "PersonalAccount",
    "RefusedProof",
    "SurnameChange",
]

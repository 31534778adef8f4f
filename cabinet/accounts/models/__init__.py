from cabinet.accounts.models.accounts import (
    SURNAME_FORM,
    Contract,
    Equipment,
    NumberKeyField,
    PersonalAccount,
)
from cabinet.accounts.models.applications import Application
from cabinet.accounts.models.links import (
    LastSurnameChange,
    LinkDispute,
    RefusedProof,
    SurnameChange,
)
from cabinet.accounts.models.settings import RegistrationSettings

__all__ = [
    "SURNAME_FORM",
    "Application",
    "Contract",
    "Equipment",
    "LastSurnameChange",
    "LinkDispute",
    "NumberKeyField",
    "PersonalAccount",
    "RefusedProof",
    "RegistrationSettings",
    "SurnameChange",
]

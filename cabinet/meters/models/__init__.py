from cabinet.meters.models.group import GroupConsumption
from cabinet.meters.models.meters import Meter, Tariff
from cabinet.meters.models.photos import DialPhoto
from cabinet.meters.models.readings import Reading
from cabinet.meters.models.submissions import Submission, SubmissionLine

__all__ = [
    "DialPhoto",
    "GroupConsumption",
    "Meter",
    "Reading",
    "Submission",
    "SubmissionLine",
    "Tariff",
]

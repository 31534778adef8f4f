from cabinet.meters.models.meters import GroupConsumption, Meter, Tariff
from cabinet.meters.models.readings import Reading
from cabinet.meters.models.submissions import DialPhoto, Submission, SubmissionLine

__all__ = [
    "DialPhoto",
    "GroupConsumption",
    "Meter",
    "Reading",
    "Submission",
    "SubmissionLine",
    "Tariff",
]

from cabinet.meters.models.meters import METER_ORDER, GroupConsumption, Meter, Tariff
from cabinet.meters.models.readings import Reading
from cabinet.meters.models.settings import ReadingSettings
from cabinet.meters.models.submissions import DialPhoto, Submission, SubmissionLine

__all__ = [
    "METER_ORDER",
    "DialPhoto",
    "GroupConsumption",
    "Meter",
    "Reading",
    "ReadingSettings",
    "Submission",
    "SubmissionLine",
    "Tariff",
]

from cabinet.bills.models.runs import BillFile, BillPart, BillProblem, BillRun
from cabinet.bills.models.settings import BillSettings

__all__ = ["BillFile", "BillPart", "BillProblem", "BillRun", "BillSettings"]

import datetime


def month_back(month: datetime.date, count: int) -> datetime.date:
    """The first day of the month so many months before."""
    number = month.year * 12 + month.month - 1 - count
    return datetime.date(number // 12, number % 12 + 1, 1)


def months_until(last: datetime.date, count: int) -> list[datetime.date]:
    """So many months up to that of `last`, oldest first; their first days."""
    return [month_back(last, back) for back in range(count - 1, -1, -1)]

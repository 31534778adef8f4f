"""The formats as template filters: `{% load formats %}`."""

from django import template

from portal.formats import dates, numbers, phones, places, words

register = template.Library()

for _format in (
    numbers.grouped,
    numbers.kopecks,
    numbers.rubles,
    numbers.rubles_unsigned,
    numbers.cubic_metres,
    places.address_line,
    dates.month_title,
    dates.month_in,
    dates.month_name,
    dates.day_and_month,
    dates.weekday_and_day,
    dates.long_day,
    dates.long_moment,
    phones.phone_shown,
    phones.phone_href,
    words.minutes,
    words.minutes_of,
    words.hours,
    words.days,
    words.days_of,
    words.working_days_of,
):
    register.filter(_format.__name__, _format)

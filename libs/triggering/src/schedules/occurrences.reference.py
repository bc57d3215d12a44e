"""Occurrences of schedules, by croniter 7.0.0 and Python's zoneinfo (tzdata 2026.6):

    python occurrences.reference.py > occurrences.reference.json

A schedule of every hour is croniter's, which walks in the time zone. One at hours of its own is croniter's over times
without a zone, which zoneinfo then places: with fold=0 the first of two equal times, and the offset before the change
for one that is left out, as RFC 5545, 3.3.5 says.
"""
import json
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from croniter import croniter

CASES = [
    # schedule, time zone, from, until, every hour?
    ("0 6 * * *", "Europe/Berlin", "2001-03-20", "2001-04-01", False),
    ("0 6 * * *", "Europe/Berlin", "2001-10-25", "2001-11-02", False),
    ("30 2 * * *", "Europe/Berlin", "2001-03-20", "2001-04-01", False),
    ("30 2 * * *", "Europe/Berlin", "2001-10-25", "2001-11-02", False),
    ("0,30 2,3 * * *", "Europe/Berlin", "2001-03-23", "2001-03-28", False),
    ("0,30 2,3 * * *", "Europe/Berlin", "2001-10-26", "2001-10-31", False),
    ("*/20 2 * * *", "Europe/Berlin", "2001-03-23", "2001-03-28", False),
    ("0 * * * *", "Europe/Berlin", "2001-03-24", "2001-03-26", True),
    ("0 * * * *", "Europe/Berlin", "2001-10-27", "2001-10-29", True),
    ("15 */2 * * *", "Europe/Berlin", "2001-10-27", "2001-10-29", True),
    ("*/15 * * * *", "America/New_York", "2001-10-27", "2001-10-29", True),
    ("*/15 * * * *", "America/New_York", "2001-03-31", "2001-04-02", True),
    ("30 1 * * SUN", "America/New_York", "2001-10-01", "2001-11-30", False),
    ("30 2 * * SUN", "America/New_York", "2001-03-01", "2001-04-30", False),
    ("15 */2 * * *", "Australia/Lord_Howe", "2001-03-24", "2001-03-26", True),  # put back by half an hour
    ("15 2 * * *", "Australia/Lord_Howe", "2001-10-26", "2001-10-30", False),  # put forward by half an hour
    ("0 12 * * *", "Pacific/Apia", "2011-12-27", "2012-01-03", False),  # 30 December was left out
    ("0 0 * * *", "America/Sao_Paulo", "2001-10-12", "2001-10-16", False),  # midnight is left out
    ("0 0 29 2 *", "Europe/Berlin", "2001-01-01", "2021-01-01", False),
    ("0 6 * * MON-FRI", "Asia/Kolkata", "2001-01-01", "2001-01-20", False),
    ("0 9 1,15 * *", "UTC", "2001-01-01", "2001-06-30", False),
]


def occurrences(cron, zone, start, end, every_hour):
    zone = ZoneInfo(zone)
    first, last = (datetime.fromisoformat(day).replace(tzinfo=timezone.utc) for day in (start, end))
    found = set()
    if every_hour:
        walk = croniter(cron, (first - timedelta(seconds=1)).astimezone(zone))
        while (at := walk.get_next(datetime).astimezone(timezone.utc)) <= last:
            found.add(at)
    else:
        walk = croniter(cron, (first - timedelta(days=3)).replace(tzinfo=None))
        while (wall := walk.get_next(datetime)) <= (last + timedelta(days=3)).replace(tzinfo=None):
            found.add(wall.replace(tzinfo=zone, fold=0).astimezone(timezone.utc))
    return [at.strftime("%Y-%m-%dT%H:%MZ") for at in sorted(found) if first < at <= last]


cases = []
for cron, zone, start, end, every_hour in CASES:
    cases.append({"cron": cron, "timeZone": zone, "from": start, "until": end, "occurrences": occurrences(cron, zone, start, end, every_hour)})
print(json.dumps(cases, indent=1))

"""Reads iCalendar files with icalendar: every event as it was understood, and what it could not read."""

import json
import sys
from pathlib import Path

from icalendar import Calendar

read = []
for text in json.loads(Path(sys.argv[1]).read_text()):
    calendar = Calendar.from_ical(text.encode())
    events = []
    for event in calendar.walk("VEVENT"):
        [alarm, *_] = [*event.walk("VALARM"), None]
        events.append(
            {
                "uid": str(event["UID"]),
                "sequence": int(event["SEQUENCE"]),
                "stamp": event.decoded("DTSTAMP").isoformat(),
                "from": event.decoded("DTSTART").isoformat(),
                "until": event.decoded("DTEND").isoformat(),
                "summary": str(event["SUMMARY"]),
                "description": str(event["DESCRIPTION"]),
                "categories": [str(each) for each in event["CATEGORIES"].cats],
                "status": str(event["STATUS"]),
                "transparent": str(event["TRANSP"]) == "TRANSPARENT",
                "warnMinutes": None if alarm is None else -alarm.decoded("TRIGGER").total_seconds() / 60,
                "faults": [str(each) for each in event.errors],
            }
        )
    read.append({"name": str(calendar["NAME"]), "faults": [str(e) for e in calendar.errors], "events": events})
print(json.dumps(read))

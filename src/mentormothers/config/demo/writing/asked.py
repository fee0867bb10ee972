"""Answers that several forms ask for alike."""

from mentormothers.config.demo.writing.written import Answers
from mentormothers.simulation.logbook import Note, iso


def dated(period: Note, day: int) -> Answers:
    if period.value == "fundal_height":
        weeks = min(44, max(1, (day - period.day) // 7))
        return {"how_known": "weeks", "weeks": weeks, "period_from_weeks": iso(day - weeks * 7)}
    if period.value == "ultrasound":
        return {"how_known": "due_date", "due_date": iso(period.day + 280)}
    return {"how_known": "last_period", "last_period": iso(period.day)}


def supplied(note: Note) -> Answers:
    supply = note.value if note.value in ("30", "60", "90", "180") else "other"
    return {"supply": supply, "days_other": int(note.value) if supply == "other" else None, "days": note.value}


def document(note: Note) -> str:
    return note.source if note.source in ("register", "health_passport", "lab") else "register"

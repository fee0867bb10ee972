"""Who says that she goes to another clinic, in words."""

from mentormothers.followup.moving import Moving
from mentormothers.office.words.days import say_date

_WHERE = {
    "same_district": "another clinic in this district",
    "other_district": "a clinic in another district",
    "other_country": "a clinic in another country",
}


def say_moving(moving: Moving) -> str:
    """`says she goes to a clinic in another district, 3 March; not confirmed`"""
    where = _WHERE.get(moving.where, "another clinic")
    says = "plans to go to" if moving.how == "planned" else "says she goes to"
    return f"{says} {where}, {say_date(moving.day)}; not confirmed"

"""Knowing a woman again who sits there: looked up in the whole programme, shown by as little as that takes."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from mentormothers.access.models import Role
from mentormothers.access.throttle import TooManyError
from mentormothers.office.forms import name_sent
from mentormothers.office.rights import OfficeRequest, screen
from mentormothers.office.views.staying import is_here_form
from mentormothers.register.recognition import SaysTooLittleError, recognise


@screen(Role.COORDINATOR, methods=("GET", "HEAD", "POST"))
def look_up(request: OfficeRequest) -> HttpResponse:
    """A box; posted, the few whom a text finds, or what to do otherwise. What is typed is in no address."""
    words: dict[str, Any] = {"text": name_sent(request.POST), "asked": request.method == "POST"}
    status = 200
    if words["asked"]:
        try:
            found = recognise(request.user, words["text"], today=timezone.localdate())
            words["found"] = [(one, is_here_form(request, place)) for place, one in enumerate(found)]
        except SaysTooLittleError:
            words["problem"], status = "too little", 400
        except TooManyError:
            words["problem"], status = "too many", 429
    return render(request, "office/look_up.html", words, status=status)

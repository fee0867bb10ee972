"""Pages of numbers: shown from what is kept at once; what came in since is counted by a second request of the page."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from mentormothers.indicators.model import Question
from mentormothers.office.rights import OfficeRequest
from mentormothers.reports.counting import are_kept, as_kept, counts, older


def counted_page(
    request: OfficeRequest, template: str, asked: Sequence[Question], words: Callable[[], Mapping[str, Any]]
) -> HttpResponse:
    """A page whose `words` ask nothing but `asked`.

    Where something has changed since what is kept was counted, the page asks for itself once more by htmx.
    """
    behind, address = older(asked), request.get_full_path()
    if request.htmx and (behind is None or behind.soon):
        counts(asked)  # all at once
        behind = None
    elif not request.htmx and not are_kept(asked):
        return render(request, "office/counting.html", {"address": address})
    with as_kept():
        found = words()
    return render(request, template, {**found, "older": behind, "address": address})

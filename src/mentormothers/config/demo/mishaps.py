"""What goes wrong in every programme, so that the demo's coordinator has something to decide at her site."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from mentormothers.access.models import Device, User
from mentormothers.access.scope import scope_of, scoped
from mentormothers.care.models import Caseload
from mentormothers.config.demo.phone import SyntheticPhone
from mentormothers.followup.actions import NotAllowedError, ask_to_look_for
from mentormothers.followup.worklist import Worklist
from mentormothers.simulation.sites import Mentor
from mentormothers.sync.push import push

_SILENT_DAYS = 4
_ASKED = 3


@dataclass(frozen=True)
class Carried:
    """A phone of the demo, who carries it, who keeps the site, and the mentor's habits."""

    device: Device
    phone: SyntheticPhone
    user: User
    coordinator: User
    habits: Mentor


def let_things_go_wrong(first: Carried, last: Carried) -> None:
    """Records that cannot be taken, a silent phone, and women whom somebody is asked to look for."""
    _wrong_clock(first)
    Device.objects.filter(id=last.device.id).update(last_seen=timezone.now() - timedelta(days=_SILENT_DAYS))
    _ask_for_the_missed(last)


def _wrong_clock(carried: Carried) -> None:
    """A phone whose clock was a year ahead for an afternoon: its two visits wait to be mended."""
    with scoped(scope_of(carried.coordinator)):
        clients = Caseload.objects.filter(mentor=carried.user.id).order_by("client").values_list("client", flat=True)
        two = [str(client) for client in clients[:2]]
    at = timezone.localtime() + timedelta(days=365)
    answers = {"where/place": "home", "where/source": "observed"}
    push(carried.device, [carried.phone.parcel("visit", str(carried.user.id), one, answers, at=at) for one in two])


def _ask_for_the_missed(carried: Carried) -> None:
    """The coordinator asked this mentor to look for some of those who are missed."""
    asked: set[object] = set()
    with scoped(scope_of(carried.coordinator)):
        for item in Worklist.at([carried.device.site], timezone.localdate()).items():
            if item.traceable and item.state in ("defaulted", "lost") and len(asked) < _ASKED:
                try:
                    ask_to_look_for(item.client, mentor=carried.user, item=item.item, by=carried.coordinator)
                except NotAllowedError:
                    continue  # she did not agree to be looked for
                asked.add(item.client)

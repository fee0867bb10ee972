"""What is published: outside the demo nothing in words that nobody has checked."""

import json

import pytest
from django.test import override_settings

from mentormothers import PROGRAMME
from tests.programme import Programme


def test_outside_the_demo_unchecked_languages_are_left_out(programme: Programme) -> None:
    from mentormothers.care.models import Publication

    forms = Publication.objects.filter(kind="form")
    assert {form.name for form in forms} == {path.stem for path in (PROGRAMME / "forms").glob("*.xlsx")}
    for form in forms:
        body = json.loads(form.body)
        assert "Chichewa (ny)" not in body["xform"]
        assert (body["form"]["languages"], body["form"]["titles"]) == (["en"], {})


@override_settings(DEMO=True)
def test_in_the_demo_they_can_be_tried(programme: Programme) -> None:
    from mentormothers.care.publishing import PublishingError, publish_programme
    from mentormothers.protocol.reading import find_protocol

    # The same version is published already without them: one installation never has both.
    with pytest.raises(PublishingError, match="is published with other content"):
        publish_programme(find_protocol("ACC-1"))

"""Cards: made for a site, printed, seen where they were made for; no two the same."""

import io
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from pypdf import PdfReader

from mentormothers.facts.card_code import in_groups, new_code, read_code
from tests.office import Office, make_office, text
from tests.programme import Programme

MILLIMETRE = 72 / 25.4


@pytest.fixture
def office(programme: Programme) -> Office:
    return make_office(programme)


def made(office: Office, amount: int) -> Any:
    """The cards that were just made for the home site."""
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.sites.models import CardSheet

    browser = office.browser()
    answer = browser.post("/cards", {"site": office.programme.home.id, "amount": amount})
    assert answer.status_code == 302
    with scoped(scope_of(office.programme.coordinator)):
        sheet = CardSheet.objects.order_by("-printed_at").first()
    assert sheet and answer["Location"] == f"/cards#sheet-{sheet.pk}"
    assert f'id="sheet-{sheet.pk}"' in text(browser.get("/cards"))
    return sheet


def pdf_of(office: Office, sheet: Any) -> PdfReader:
    answer = office.browser().get(f"/cards/{sheet.pk}.pdf")
    assert answer["Content-Type"] == "application/pdf"
    return PdfReader(io.BytesIO(answer.content))


def codes_of(office: Office, sheet: Any) -> set[str]:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.sites import cards

    with scoped(scope_of(office.programme.coordinator)):
        return set(cards.codes_of(sheet))


def test_fifty_cards_are_five_sheets_each_with_a_code_and_nothing_that_tells(office: Office) -> None:
    sheet = made(office, 50)
    read = pdf_of(office, sheet)
    words = [page.extract_text() for page in read.pages]
    assert len(words) == 5 and all("Please bring this card each time." in " ".join(page.split()) for page in words)
    said = " ".join("".join(words).split())
    codes = codes_of(office, sheet)
    assert len(codes) == 50 and all(read_code(code) == code and in_groups(code) in said for code in codes)
    assert not [one for one in ("Ndirande", "HIV", "mother", "clinic", "health") if one.lower() in said.lower()]
    assert [line.detail for line in office.audited("cards.printed")][-1] == "50"
    assert office.audited("cards.downloaded")[-1].site == office.programme.home.id


def test_one_card_is_a_page_of_the_size_of_a_bank_card(office: Office) -> None:
    (page,) = pdf_of(office, made(office, 1)).pages
    assert float(page.mediabox.width) == pytest.approx(85.6 * MILLIMETRE, abs=0.1)
    assert float(page.mediabox.height) == pytest.approx(54 * MILLIMETRE, abs=0.1)


def test_a_code_that_another_card_has_is_not_given_out_again(office: Office) -> None:
    (taken,) = codes_of(office, made(office, 1))
    with patch("mentormothers.sites.cards.new_code", side_effect=[taken, taken, new_code()]):
        assert codes_of(office, made(office, 1)) != {taken}


@pytest.mark.parametrize("sent", [{}, {"site": "x", "amount": "10"}, {"site": "0", "amount": "10"}, {"amount": "3"}])
def test_what_cannot_be_made_is_said_on_the_page(office: Office, sent: dict[str, str]) -> None:
    from mentormothers.access.scope import scope_of, scoped
    from mentormothers.sites.models import CardSheet

    answer = office.browser().post("/cards", {"site": office.programme.home.id} | sent)
    assert answer.status_code == 400 and "<h1>Cards</h1>" in text(answer) and 'class="wrong"' in text(answer)
    with scoped(scope_of(office.programme.coordinator)):
        assert CardSheet.objects.count() == 1, "the one there was"


def test_another_sites_cards_are_nowhere_to_be_seen(office: Office) -> None:
    strangers = office.browser("stranger")
    assert strangers.get(f"/cards/{office.cards.pk}.pdf").status_code == 404
    assert str(office.cards.pk) not in text(strangers.get("/cards")) and "No cards yet" in text(strangers.get("/cards"))
    assert strangers.post("/cards", {"site": office.programme.home.id, "amount": 10}).status_code == 400
    assert office.browser().get(f"/cards/{uuid4()}.pdf").status_code == 404

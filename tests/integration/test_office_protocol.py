"""The page of the protocol: what it asks for, where each value is from, and that nobody has signed it."""

import base64
import hashlib
import html
from dataclasses import replace
from datetime import date

import pytest

from mentormothers.printing.html import html as html_page
from mentormothers.printing.protocol_page import protocol_page
from mentormothers.protocol.model import Protocol
from mentormothers.protocol.provenance import Signature
from mentormothers.protocol.reading import find_protocol
from tests.office import make_office, text
from tests.programme import Programme

MW = find_protocol("MW-2022")


@pytest.fixture
def in_force(monkeypatch: pytest.MonkeyPatch, programme: Programme) -> None:
    follow(monkeypatch, MW)


def follow(monkeypatch: pytest.MonkeyPatch, protocol: Protocol) -> None:
    """Put another protocol in force, for the pages that tell about it."""
    for module in ("office.views.protocol", "office.context"):
        monkeypatch.setattr(f"mentormothers.{module}.protocol_in_force", lambda: protocol)


@pytest.mark.parametrize("who", ["coordinator", "manager", "administrator"])
def test_every_role_of_the_office_reads_all_of_it(programme: Programme, in_force: None, who: str) -> None:
    page = html.unescape(text(make_office(programme).browser(who).get("/protocol")))
    assert "Not signed off by a ministry" in page
    assert all(item.label in page and f'id="{item.id}"' in page for item in MW.items)
    assert all(one.what in page and one.why in page for one in MW.left_out)
    assert all(f'id="source-{source.id}"' in page for source in MW.sources)
    assert page.count("to be verified</span>") == MW.unverified


def test_it_says_on_what_it_is_laid_and_where_each_item_stands(programme: Programme, in_force: None) -> None:
    page = text(make_office(programme).browser("coordinator").get("/protocol"))
    assert "laid on WHO-2023, PROG" in page and MW.fingerprint in page
    for file in ("mw-2022.yaml", "who-2023.yaml", "prog.yaml"):
        assert page.count(f"</b> {file}") == sum(item.file == file for item in MW.items)


def test_the_page_to_sign_is_one_file_under_its_own_rules(programme: Programme, in_force: None) -> None:
    answer = make_office(programme).browser("coordinator").get("/protocol/page")
    page, policy = text(answer), answer.headers["Content-Security-Policy"]
    assert page == html_page(protocol_page(MW)) and "default-src 'none'" in policy
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy


def test_it_is_there_as_pdf_too(programme: Programme, in_force: None) -> None:
    answer = make_office(programme).browser("manager").get("/protocol/page.pdf")
    assert answer.headers["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="protocol-mw-2022-1.pdf"'


@pytest.mark.parametrize("address", ["/protocol/page", "/protocol/page.pdf"])
def test_a_mentor_prints_no_protocol(programme: Programme, in_force: None, address: str) -> None:
    assert make_office(programme).browser("mentor").get(address).status_code == 403


def test_a_mentors_work_is_elsewhere(programme: Programme, in_force: None) -> None:
    answer = make_office(programme).browser("mentor").get("/protocol")
    assert answer.status_code == 403 and "PRIOR" not in text(answer)


def test_the_banner_leads_to_what_nobody_verified(programme: Programme, in_force: None) -> None:
    browser = make_office(programme).browser("coordinator")
    for address in ("/clients", "/results", f"/sites/{programme.home.id}"):
        page = text(browser.get(address))
        assert "Not signed off by a ministry: protocol MW-2022" in page
        assert f'href="/protocol?show=unverified">{MW.unverified} values to be verified' in page
    page = text(browser.get("/protocol", {"show": "unverified"}))
    assert 'id="MW.REFILL"' in page and 'id="WHO.VL12"' not in page


def test_a_protocol_that_is_signed_and_verified_says_so(programme: Programme, monkeypatch: pytest.MonkeyPatch) -> None:
    items = tuple(replace(item, verify=False) for item in MW.items)
    settings = tuple(replace(setting, verify=False) for setting in MW.settings)
    signed = replace(MW, items=items, settings=settings, verify=False, left_out=())
    signature = Signature("a ministry of tests", date(2026, 1, 1), signed.fingerprint)
    follow(monkeypatch, replace(signed, signed_off_by=signature))
    browser = make_office(programme).browser("coordinator")
    page = text(browser.get("/protocol", {"show": "unverified"}))
    assert "Signed off by a ministry of tests" in page and "Every item is verified" in page
    assert "Not signed off" not in page and "Nothing is written down as left out" in text(browser.get("/protocol"))
    assert "What it says" in text(browser.get("/clients"))


def test_one_that_names_no_source_is_verified_nowhere(programme: Programme) -> None:
    page = text(make_office(programme).browser("manager").get("/protocol"))
    acc_1 = find_protocol("ACC-1")
    assert page.count("No source given") == acc_1.unverified and "No source is given." in page

"""Names, phones and places in the form in which they are compared."""

import pytest

from mentormothers.linkage.normal_form import number, phone, place, sound, words

ALIKE = [
    ("phiri", "firi"), ("phiri", "piri"), ("chirwa", "tchirwa"), ("rute", "lute"), ("catherine", "katherine"),
    ("rebecca", "rebeka"), ("hannah", "anna"), ("mary", "marie"), ("mbewe", "mbewi"), ("mwale", "muale"),
    ("saara", "sara"), ("zione", "sione"), ("munthali", "mnthali"), ("fatuma", "patuma"), ("esther", "esta"),
    ("bhengu", "bengu"), ("thandeka", "tandeka"), ("njobvu", "ndjobvu"), ("mphatso", "mpatso"), ("neema", "nima"),
]  # fmt: skip
UNLIKE = [
    ("grace", "gladys"), ("banda", "phiri"), ("chisomo", "chikondi"), ("mercy", "mary"), ("takondwa", "tawonga"),
    ("nkhata", "nkhoma"), ("ruth", "rose"), ("kato", "wasswa"), ("thoko", "tadala"), ("joyce", "judith"),
]  # fmt: skip


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_what_is_written_now_one_way_and_now_another_sounds_the_same(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(("one", "other"), UNLIKE)
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert sound(one) != sound(other)


def test_a_name_of_letters_has_a_sound() -> None:
    assert all(sound(name) for name in ("h", "hh", "wo", "አበበ", "محمد"))


@pytest.mark.parametrize(
    ("name", "found"),
    [
        (" GRACE ", ("grace",)), ("Ng'oma", ("ngoma",)), ("José María", ("jose", "maria")), ("Mrs Banda", ("banda",)),
        ("Banda-Phiri", ("banda", "phiri")), ("Baby", ()), ("baby of Grace", ()), ("unknown", ()), ("", ()), ("12", ()),
        ("Mai", ("mai",)), ("አበበ", ("አበበ",)),
    ],
)  # fmt: skip
def test_the_words_of_a_name(name: str, found: tuple[str, ...]) -> None:
    assert words(name) == found


def test_a_phone_is_its_last_nine_digits() -> None:
    assert phone("+265 99 123 4567") == phone("0991 234567") == phone("991234567") == "991234567"
    assert phone("999") == phone("0000000000") == phone("none") == ""


def test_places_and_numbers() -> None:
    assert place("Chilima Village") == place("chirima") != place("Village 7 Chilima")
    assert number("KMC-819 708") == number("kmc819708") == "KMC819708"

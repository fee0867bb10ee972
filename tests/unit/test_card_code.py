"""A card's code is read in any way that people write it, and what was read wrong is noticed."""

import json
from itertools import combinations, product
from pathlib import Path

import pytest

from mentormothers.facts.card_code import ALPHABET, CardCodeError, in_groups, new_code, read_code, with_check

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "card_codes.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", VECTORS["typed"], ids=lambda case: case["text"])
def test_it_is_read_as_people_write_it(case: dict[str, str]) -> None:
    assert read_code(case["text"]) == case["code"]


@pytest.mark.parametrize("text", VECTORS["wrong"])
def test_what_is_no_code_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(CardCodeError) as error:
        read_code(text)
    assert len(text) < 3 or text not in str(error.value)


def test_a_new_code_is_read_and_another_each_time() -> None:
    codes = {new_code() for _ in range(200)}
    assert len(codes) == 200
    assert all(read_code(in_groups(code).lower()) == code for code in codes)


@pytest.mark.parametrize("first", ["000000", "7K3MQ2", "ZZZZZZ"])
def test_one_or_two_wrong_characters_and_any_exchange_are_noticed(first: str) -> None:
    code = with_check(first)
    wrong = {_changed(code, {i: a, j: b}) for i, j in combinations(range(8), 2) for a, b in product(ALPHABET, repeat=2)}
    assert not [one for one in wrong - {code} if _is_read(one)]


def _changed(code: str, at: dict[int, str]) -> str:
    return "".join(at.get(place, character) for place, character in enumerate(code))


def _is_read(text: str) -> bool:
    try:
        read_code(text)
    except CardCodeError:
        return False
    return True

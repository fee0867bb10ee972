"""Formulas that a phone cannot work out are found where the form is written."""

import pytest

from mentormothers.forms.formulas import circle, fault_in, names_in


@pytest.mark.parametrize(
    "formula",
    [
        "", ". >= 10 and . <= 60", "${data_use} = 'given'", "not(selected(., 'none') and count-selected(.) > 1)",
        "if(${a} = '', '', date(${b} + 1))", "regex(., '^[+0-9 ]{7,16}$')", "-1", "(1 + 2) * -3", "${a} and (${b} or ${c})",
        "today()", "../group/name = 'x'", "/data/a div 2", "${a}*2", "'it is (not) closed'", "once(uuid())",
        "instance('x')/root/item[name = ${y}]/label", "${a} != \"b\" or ${c} mod 2 = 0",
    ],
)  # fmt: skip
def test_what_a_phone_works_out(formula: str) -> None:
    assert fault_in(formula) == ""


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        (". >> 3", "'>' stands where a value is expected"),
        ("horoscope(${a})", "there is no function horoscope()"),
        ("${a} ${b}", "'${b}' stands where an operator is expected"),
        ("${a} =", "ends where a value is expected"),
        ("= 3", "'=' stands where a value is expected"),
        ("1, 2", "',' stands where"),
        ("if(${a},)", "')' stands where a value is expected"),
        ("${a} && ${b}", "'&' stands where an operator is expected"),
        ("()", "')' stands where a value is expected"),
        ("'a' 'b'", "stands where an operator is expected"),
        ("item[sum-of(x) = 1]", "there is no function sum-of()"),
    ],
)
def test_what_it_does_not(formula: str, said: str) -> None:
    assert said in fault_in(formula)


def test_circles() -> None:
    assert circle({"a": {"b"}, "b": {"c", "x"}, "c": {"a"}}) == ["a", "b", "c"]
    assert circle({"a": {"a"}}) == ["a"]
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_names_in_a_formula() -> None:
    assert names_in("${a} + ${ b } - '${c}'") >= {"a", "b"}

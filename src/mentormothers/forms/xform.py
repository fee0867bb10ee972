"""From an XLSForm over an XForm (by pyxform) to the questions and their marks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from mentormothers.forms.model import AnswerType, Form, Question

NAMESPACE = "urn:mentormothers:form"
_MM = f"{{{NAMESPACE}}}"
_XF = "{http://www.w3.org/2002/xforms}"
_JR = "{http://openrosa.org/javarosa}"
_TYPES: dict[str, AnswerType] = {"int": "integer", "decimal": "decimal", "date": "date"}
_BOUND = re.compile(r"\.\s*(>=|<=)\s*(-?\d+(?:\.\d+)?)(?=\s*(?:$|and\b))")


class UnusableFormError(Exception):
    """pyxform cannot make an XForm of the file; the message is pyxform's, which names sheet and row."""


@dataclass(frozen=True)
class Published:
    """A form ready for phones: the XForm that is filled and the definition that says what answers mean."""

    form: Form
    xform: str


def read_xlsform(path: Path) -> Published:
    """Read an XLSForm file. Raises UnusableFormError with where, what and what to do."""
    try:
        xform = convert(xlsform=path, file_type=path.suffix).xform
    except (PyXFormError, ValueError, KeyError, OSError) as error:
        raise UnusableFormError(str(error)) from None
    return Published(form_of(xform), xform)


def form_of(xform: str) -> Form:
    """What an XForm says of itself. The text is one that pyxform made, never one from a network."""
    root = ElementTree.fromstring(xform)  # noqa: S314  # our own converter's output
    model = next(root.iter(f"{_XF}model"))
    primary = _primary(model)
    controls = _controls(root)
    repeats = [r.get("nodeset", "") for r in root.iter(f"{_XF}repeat")]
    prefix = f"/{primary.tag.removeprefix(_XF)}/"
    groups = set(_groups(primary, prefix.rstrip("/")))
    questions = tuple(
        _question(bind, prefix, controls, repeats, model)
        for bind in model.iter(f"{_XF}bind")
        if not bind.get("nodeset", "").startswith(f"{prefix}meta/") and bind.get("nodeset") not in groups
    )
    title = root.find(".//{http://www.w3.org/1999/xhtml}title")
    return Form(
        id=primary.get("id", ""),
        version=primary.get("version", ""),
        title=(title.text or "") if title is not None else "",
        role=primary.get(f"{_MM}role", ""),
        enrols=primary.get(f"{_MM}enrols") == "yes",
        questions=questions,
        group=primary.get(f"{_MM}group", ""),
        icon=primary.get(f"{_MM}icon", ""),
    )


def formulas(xform: str) -> list[tuple[str, str]]:
    """Name and formula of every question that is filled by itself: by a calculation or by a default that moves."""
    root = ElementTree.fromstring(xform)  # noqa: S314  # our own converter's output
    found = [(b.get("nodeset", ""), b.get("calculate", "")) for b in root.iter(f"{_XF}bind")]
    found += [(s.get("ref", ""), s.get("value", "")) for s in root.iter(f"{_XF}setvalue")]
    return [(node.rpartition("/")[2], formula) for node, formula in found if formula]


def _primary(model: ElementTree.Element) -> ElementTree.Element:
    instance = model.find(f"{_XF}instance")
    assert instance is not None
    return instance[0]


def _groups(node: ElementTree.Element, path: str) -> Iterator[str]:
    """Paths of all nodes that hold others; a group's relevance is bound to it, but it is no question."""
    for child in node:
        if len(child):
            inner = f"{path}/{child.tag.removeprefix(_XF)}"
            yield inner
            yield from _groups(child, inner)


def _controls(root: ElementTree.Element) -> dict[str, ElementTree.Element]:
    body = root.find("{http://www.w3.org/1999/xhtml}body")
    kinds = {f"{_XF}input", f"{_XF}select1", f"{_XF}select"}
    return {c.get("ref", ""): c for c in (body.iter() if body is not None else ()) if c.tag in kinds}


def _question(
    bind: ElementTree.Element,
    prefix: str,
    controls: dict[str, ElementTree.Element],
    repeats: list[str],
    model: ElementTree.Element,
) -> Question:
    node = bind.get("nodeset", "")
    control = controls.get(node)
    repeat = next((r for r in repeats if node.startswith(r + "/")), "")
    appearance = control.get("appearance", "") if control is not None else ""
    low, high = _bounds(bind.get("constraint", ""))
    kind = _type(bind, control)
    mark = {name: bind.get(_MM + name, "") for name in ("fact", "value", "day", "about", "ref", "record", "context")}
    identity = bind.get(f"{_MM}identity", "") or ("note" if kind == "text" else "")
    return Question(
        path=node.removeprefix(f"{repeat}/" if repeat else prefix),
        repeat=repeat.removeprefix(prefix),
        type=kind,
        choices=_choices(control, model),
        required=bind.get("required") == "true()",
        minimum=low,
        maximum=high,
        partial="month-year" if "month-year" in appearance else "year" if "year" in appearance else "",
        when=tuple(bind.get(f"{_MM}when", "").split()),
        identity=identity,
        **mark,
    )


def _type(bind: ElementTree.Element, control: ElementTree.Element | None) -> AnswerType:
    if bind.get("calculate"):
        return "calculated"
    if control is None:
        return "hidden"
    if control.tag == f"{_XF}select1":
        return "select"
    if control.tag == f"{_XF}select":
        return "select_multiple"
    return _TYPES.get(bind.get("type", ""), "text")


def _choices(control: ElementTree.Element | None, model: ElementTree.Element) -> tuple[str, ...]:
    items = control.find(f"{_XF}itemset") if control is not None else None
    if items is None:
        return ()
    match = re.match(r"instance\('([^']+)'\)", items.get("nodeset", ""))
    instances = {i.get("id"): i for i in model.iter(f"{_XF}instance")}
    instance = instances.get(match[1]) if match else None
    if instance is None:
        return ()
    return tuple(name.text or "" for name in instance.iter(f"{_XF}name"))


def _bounds(constraint: str) -> tuple[float | None, float | None]:
    """The plain numbers that a constraint sets: `. >= 1 and . <= 366`."""
    found = {sign: float(number) for sign, number in _BOUND.findall(constraint)}
    return found.get(">="), found.get("<=")

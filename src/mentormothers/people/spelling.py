"""Names and villages as they sound, so that one who is written in several ways is found by any of them.

Rules for what is heard and written in Chichewa, Swahili, Zulu, Sesotho and the English spoken beside them: one sound
where clerks choose between letters, and what a speaker of one language adds to or drops from a word of another. They
are broad on purpose: they choose who is looked at, and `closeness` says who comes first.

The vault's tokens are made of these forms: whoever changes a rule adds a migration that makes them anew
(`people.rebuilding`), and gives the vectors of tests/vectors/spellings.json their new forms.
"""

import re
import unicodedata
from collections.abc import Iterator

SHORTEST = 3  # sounds of a beginning that can be looked for
# A village is not told from another by the word for village (English, Chichewa, Swahili, Sesotho).
_SAID_OF_ALL = {"village", "mudzi", "kijiji", "motse"}
_VOWELS = "aeiou"
_LETTERS = "abdefgijklmnopstu"  # what is left of the alphabet once a word is written as it sounds
_RULES = [
    (re.compile(rule), sound)
    for rule, sound in (
        ("ee|ie|ey", "i"),  # Doreen, Dorin; Annie, Any; Audrey, Audri
        ("ou", "u"),
        ("tsh|tch|ch|sh|ts|dz|ps|z|c(?=[eiy])", "s"),  # Tshepo, Tsepo, Chepo; Cecilia, Sesilia; Elizabeth, Elisabeti
        ("ph|pf|bv|v", "f"),  # Mphatso, Mfatso; Chavula, Chafula
        ("h", ""),  # Hawa, Awa; Thandi, Tandi; Khumalo, Kumalo
        ("qu|ck|[cq]", "k"),
        ("x", "ks"),
        ("y", "i"),  # Mary, Mari; Mariya, Maria
        ("w", "u"),  # Kondwani, Konduani; Luwiza, Luiza
        (f"(?<=[{_VOWELS}])r(?=[^{_VOWELS}r])", ""),  # Mercy, Mesi; Martha, Matha: English here does not sound it
        ("r", "l"),
        ("n(?=[bfmp])", "m"),  # Nbewe, Mbewe
        (r"(\w)\1+", r"\1"),  # Maame, Mame; Agness, Agnes
    )
]
_END = re.compile("(?<=..)er[aei]?$")  # Esther, Estere, Esta


def words_of(text: str) -> list[str]:
    """The words of a name or village: small letters without accents, apostrophes and what is no letter."""
    plain = unicodedata.normalize(
        "NFKD", text.casefold().replace("'", "").replace("\N{RIGHT SINGLE QUOTATION MARK}", "")
    )
    letters = "".join(c if c.isalpha() else " " for c in plain if not unicodedata.combining(c))
    return [word for word in letters.split() if word not in _SAID_OF_ALL]


def heard(word: str) -> str:
    """A word of `words_of` as it sounds, to its last letter: the beginning of a word gives the beginning of its sounds,
    but for what its last letter would be together with the next."""
    for rule, sound in _RULES:
        word = rule.sub(sound, word)
    return word


def sounds(word: str) -> str:
    """The normal form of a whole word. Vowels at its end are left out where two consonants stay: Agnesi is Agnes."""
    form = heard(_END.sub("", word))
    return form.rstrip(_VOWELS) if len(skeleton(form)) > 1 else form


def skeleton(form: str) -> str:
    """What is left of a normal form without vowels, which are put in and taken out most: Gilesi and Grace are `gls`."""
    return "".join(letter for letter in form if letter not in _VOWELS)


def neighbours(form: str) -> set[str]:
    """All normal forms one slip away: a letter left out, put in, changed, or two exchanged. She herself is not one."""
    cuts = [(form[:place], form[place:]) for place in range(len(form) + 1)]
    found = {before + after[1:] for before, after in cuts if after}
    found |= {before + after[1] + after[0] + after[2:] for before, after in cuts if len(after) > 1}
    found |= {before + letter + after[skipped:] for before, after in cuts for letter in _LETTERS for skipped in (0, 1)}
    return found - {form}


def closeness(typed: str, known: str) -> float:
    """How near a typed word is to a known one: 1 for the same, less for the same sound or slips; 0 for another word."""
    if typed == known:
        return 1.0
    if known.startswith(typed):
        return 0.9
    a, b = sounds(typed), sounds(known)
    slips, letters, longest = _slips(a, b), _slips(typed, known), max(len(typed), len(known))
    if not _alike(a, b, slips) and not (letters == 1 and longest > 4):
        return 0.5 if len(begun := heard(typed)) >= SHORTEST and heard(known).startswith(begun) else 0.0
    return 0.8 * (1 - slips / (max(len(a), len(b)) + 1)) + 0.1 * (1 - letters / longest)


def _alike(a: str, b: str, slips: int) -> bool:
    """Whether two normal forms may be one word: one slip, two in a long one or where only vowels differ."""
    shortest = min(len(a), len(b))
    bones = skeleton(a)
    return slips == 0 or (
        shortest >= SHORTEST
        and (slips <= 1 + (shortest >= 7) or (slips <= 2 and len(bones) > 2 and bones == skeleton(b)))
    )


def _slips(a: str, b: str) -> int:
    """How many letters must be put in, left out, changed or exchanged with the next to make one of the other."""
    *_, last = _rows(a, b)
    return last[-1]


def _rows(a: str, b: str) -> Iterator[list[int]]:
    before: list[int] = []
    above = list(range(len(b) + 1))
    yield above
    for i, letter in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            least = min(row[-1] + 1, above[j] + 1, above[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and other == a[i - 2]:
                least = min(least, before[j - 2] + 1)
            row.append(least)
        before, above = above, row
        yield row

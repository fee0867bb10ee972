"""Names, phones and places in the form in which they are compared.

Names are written by ear. `sound` takes away what a clerk of Malawi, Tanzania, South Africa or Lesotho writes now one
way and now another. The rules are our own, from habits of spelling that the simulation makes too; a speaker of each
language has to verify them. They are for comparing only: nobody is ever shown a name in this form.
"""

import re
import unicodedata
from functools import lru_cache

# In this order. What is taken for the same; an example of each.
SPELLINGS = (
    ("tch|tsh|tj|ch", "C"),  # Chirwa, Tchirwa; Tshabalala, Chabalala
    ("ph|f", "p"),  # Phiri, Firi, Piri: an aspirated p; Yao and Chewa say Patuma for Fatuma
    ("sh|sch|z", "s"),  # Zione, Sione; Shawa, Sawa
    ("ck|q|c|x", "k"),  # Catherine, Katherine; Rebecca, Rebeka
    ("h", ""),  # Mthunzi, Mtunzi; Bhengu, Bengu; Hannah, Anna
    ("l", "r"),  # Chichewa makes little difference of them: Lute, Rute
    ("v", "b"),  # Sylivia, Silibia
    ("[dj]?j|dz|dg", "j"),  # Njobvu, Ndjobvu; Dzimba, Jimba
    ("w|o", "u"),  # Mwale, Muale; Joyce, Juice
    ("y|e", "i"),  # Mary, Marie; Mbewe, Mbewi
    ("(?<=.)[ui]r$", "a"),  # Esther, Esta; Victor, Vikita
    ("^(m|n)u(?=[bcdgjknprstC])", r"\1"),  # Munthali, Mnthali
    (r"(.)\1+", r"\1"),  # Anna, Ana; Saara, Sara
)
# Words that stand where a name is not known, so that two of them are not taken for one person.
NO_NAMES = frozenset((
    "baby", "babygirl", "babyboy", "infant", "twin", "twina", "twinb", "unknown", "unk", "none", "nil", "null", "na",
    "noname", "notknown", "notstated", "missing", "mwana", "mtoto", "ngwana", "test", "x", "xx", "xxx",
))  # fmt: skip
_RULES = tuple((re.compile(heard), written) for heard, written in SPELLINGS)
_WITHIN = re.compile("['`\u2019\u0300-\u036f]")  # apostrophes and accents: Ng'oma is one word
_TITLES = frozenset(("mrs", "mr", "ms", "miss", "mai", "mayi", "amayi", "bambo", "mama", "dr", "sr"))
_PHONE_DIGITS = 9  # of a number without its country's code and the 0 before it, everywhere in this field
_FEWEST_DIGITS = 6
_NO_DIGITS, _BETWEEN = re.compile(r"\D"), re.compile(r"[\W_]")


@lru_cache(maxsize=500_000)
def words(name: str) -> tuple[str, ...]:
    """The words of a name in small letters, without accents, titles and words for "not known"."""
    flat = unicodedata.normalize("NFKD", name).casefold()
    found = re.findall(r"[^\W\d_]+", _WITHIN.sub("", flat))
    if "".join(found) in NO_NAMES or found[:2] == ["baby", "of"]:
        return ()
    return tuple(word for word in found if word not in _TITLES) or tuple(found)


@lru_cache(maxsize=500_000)
def sound(word: str) -> str:
    """One word of a name as it is heard; never empty for a word of letters."""
    heard = word
    for rule, written in _RULES:
        heard = rule.sub(written, heard)
    return heard or word


@lru_cache(maxsize=500_000)
def frame(word: str) -> str:
    """The first sound of a word and its consonants, by which people meet whose vowels somebody wrote otherwise."""
    heard = sound(word)
    return heard[:1] + re.sub("[aiu]", "", heard[1:])


def phone(number: str) -> str:
    """The last nine digits of a number, or nothing where they are too few, or all the same, to be somebody's."""
    digits = _NO_DIGITS.sub("", number)
    return digits[-_PHONE_DIGITS:] if len(digits) >= _FEWEST_DIGITS and len(set(digits)) > 1 else ""


_PLACE_WORDS = frozenset(("village", "vge", "vg", "town", "ta", "district", "area", "location", "the"))


@lru_cache(maxsize=500_000)
def place(name: str) -> str:
    """A place as it is heard, without the word "village" and its like."""
    found = [word for word in words(name) if word not in _PLACE_WORDS]
    digits = re.findall(r"\d+", name)
    return " ".join([*map(sound, found), *digits])


def number(text: str) -> str:
    """A number that an office gave, in capitals and without what is written between its parts."""
    return _BETWEEN.sub("", text).upper()

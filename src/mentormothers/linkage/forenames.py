"""Forenames of one person in two languages: who is Grace at one clinic may be Chisomo at another.

Names with one meaning, or forms of one name, in English and in languages spoken where programmes run (Chichewa,
Swahili, Zulu, Xhosa, Sesotho, Setswana, Portuguese). **Our own list, from what the names mean, for speakers to
verify.** That two names mean the same says little; with surname, place or phone somebody may have given the other one.
"""

from functools import cache

from mentormothers.linkage.normal_form import sound, words

MEANINGS = (
    "Grace Chisomo Neema Graça",
    "Mercy Chifundo Rehema Nomusa Musa Mohau",
    "Gift Mphatso Zawadi Mpho Neo Sipho Nosipho Dádiva",
    "Love Chikondi Upendo Lerato Thandi Thandiwe Nothando Amor",
    "Hope Chiyembekezo Tumaini Tshepo Themba Thembi Nomathemba Esperança",
    "Trust Chidaliro Tshepo Themba",
    "Faith Chikhulupiriro Imani Tumelo",
    "Joy Happy Happiness Chimwemwe Kondwani Furaha Thabo Nthabiseng Jabulani Jabulile Ntokozo Alegria",
    "Peace Mtendere Amani Kagiso Khotso Noxolo Paz",
    "Blessing Blessings Madalitso Baraka Busisiwe Sibusiso Hlonolofatso",
    "Thanks Thokozani Thokozile Yamikani Tebogo Teboho Sibongile",
    "Praise Tamanda Tamandani Tiyamike Yamikani Dumisani Dumisile Sifa",
    "Patience Chipiliro Subira Mamello Bekezela",
    "Wisdom Nzeru Hekima Nhlakanipho Bohlale",
    "Luck Lucky Mwayi Bahati Nonhlanhla Lehlohonolo Mahlohonolo",
    "Memory Chikumbutso Kumbukani",
    "Prayer Pemphero Thapelo Mthandazo",
    "Glory Ulemerero Utukufu",
    "Promise Lonjezo Ahadi Thembiso Tshepiso",
    "Light Lesedi Khanyi Khanyisile Nuru",
    "Flower Maluwa Palesa Maua",
    "Star Nyenyezi Naledi Nyota",
    "Queen Mfumukazi Malkia Mofumahadi",
    "Victory Chipambano Ushindi Nqobile",
    "Mary Maria Mariya Maliya Marie Miriam Mariam Mariamu",
    "Elizabeth Elizabeti Elisabeti Elizabete Eliza Betty",
    "Catherine Katerina Catarina Kate",
    "Margaret Margarita Maggie Malita",
    "Agnes Anyesi Agnesi Inês",
    "Esther Estere Esitere Ester",
    "Joseph Yosefe Yosefu Yusuf Yusufu José",
    "John Yohane Yohana Johane João",
    "Peter Petulo Petero Petro Pedro",
    "James Yakobo Jacob Tiago",
    "Stephen Stefano Sitefano Estêvão",
)


@cache
def _meanings() -> dict[str, tuple[int, ...]]:
    heard: dict[str, tuple[int, ...]] = {}
    for number, names in enumerate(MEANINGS):
        for name in words(names):
            heard[sound(name)] = (*heard.get(sound(name), ()), number)
    return heard


def meant(word: str) -> tuple[int, ...]:
    """What a word of a name means, as places in `MEANINGS`; nothing for most. The word is one that `words` gives."""
    return _meanings().get(sound(word), ())

"""Mentor Mothers: software that runs a Mentor Mother programme.

`PROGRAMME` is the folder of what a country edits without code (vocabulary, forms, protocols, words). It
stands beside the code in a clone and inside the package once installed from a wheel.
"""

from pathlib import Path

PACKAGE = Path(__file__).parent
_CLONE = PACKAGE.parent.parent
PROGRAMME = _CLONE / "programme" if (_CLONE / "programme").is_dir() else PACKAGE / "programme"
PHONE_APP = _CLONE / "phone" / "dist" if (_CLONE / "phone").is_dir() else PACKAGE / "phone"

"""The catalogue of what can go wrong between phone and server, with codes that never change their meaning.

docs/reference/errors.md is made from it (a test compares).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """What is wrong and what to do. `retry`: the same request may succeed later."""

    code: str
    message: str
    remedy: str
    status: int = 200
    retry: bool = False


_LOOK = "A coordinator looks at it with the person who wrote it."
_COUNT = "A coordinator decides whether it counts."
_ALL = [
    Problem("DEV-001", "This code opens nothing (unknown, used or too old)", "Please ask for a new one.", 404),
    Problem("DEV-002", "Too many tries", "Please wait a few minutes.", 429, retry=True),
    Problem("DEV-003", "The grant is missing or over", "The app gets a new one by itself.", 401, retry=True),
    Problem("DEV-004", "This phone was put out of service", "Please see the coordinator; unsent work is safe.", 403),
    Problem("DEV-005", "This is no public key of a phone", "Please update the app and try again.", 422),
    Problem("DEV-006", "This person does not use this phone", "Please ask the coordinator to add her.", 403),
    Problem(
        "DEV-007",
        "This says too little to look somebody up",
        "Please give two words, such as her name and village, or a phone, clinic or card number.",
        422,
    ),
    Problem("DEV-008", "It cannot be told any more who is meant", "Please look her up again.", 404),
    Problem(
        "DEV-009",
        "She cannot be a guest here so: she lives at this site, or the last day is wrong",
        "Please look her up again, or choose a day within six months.",
        422,
    ),
    Problem("SYNC-001", "The request cannot be read", "Please update the app; nothing was changed.", 422),
    Problem("SYNC-002", "The request is too large", "Please send fewer records at a time.", 413),
    Problem("SYNC-003", "This content type or encoding is not known here", "Please send JSON, plain or gzip.", 415),
    Problem("SYNC-004", "The cursor is damaged", "Please start from the beginning; that loses nothing.", 400),
    Problem("SYNC-005", "The server is busy", "Please try again later; nothing was changed.", 503, retry=True),
    Problem("SYNC-006", "This content is not here", "Please get the changes again.", 404),
    Problem("SYNC-007", "The request did not come in whole", "Please try again later; nothing was changed.", 408, True),
    Problem("SYNC-008", "This address is not here", "Please update the app; nothing was changed.", 404),
    Problem("SYNC-009", "Something went wrong here", "Please try again later; nothing was changed.", 500, retry=True),
    Problem("SYNC-010", "This is no record", "A coordinator looks at it; the app may need an update."),
    Problem("SYNC-011", "The form or its version is not known here", "It is taken once that version is published."),
    Problem("SYNC-012", "An answer does not fit the form", _LOOK),
    Problem("SYNC-013", "It happened on an impossible day", "Please check the phone's date; a coordinator mends it."),
    Problem("SYNC-014", "Its author does not use this phone", "A coordinator says whose work it is."),
    Problem("SYNC-015", "Its site is not the site of this phone", "A coordinator says where it belongs."),
    Problem("SYNC-016", "Its phone is unknown or was put out of service", _COUNT),
    Problem("SYNC-017", "Its author has left", _COUNT),
    Problem("SYNC-018", "Its signature is wrong; it may have been changed on the way", _COUNT),
    Problem("SYNC-019", "Another record with the same id is here already", "Both are kept; a coordinator compares."),
    Problem("SYNC-020", "Its sealed part is missing or cannot be opened", _LOOK),
    Problem("SYNC-021", "It was not sealed to this server", "Please check which server this phone belongs to."),
    Problem("SYNC-022", "Taken without what it says of her name, which was erased", "Nothing is to be done."),
    Problem(
        "SYNC-029", "It could not be kept for a reason nobody foresaw", "It is safe; please tell who runs the server."
    ),
]
PROBLEMS = {problem.code: problem for problem in _ALL}


class RequestRefusedError(Exception):
    """A whole request that is refused; nothing was changed."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.problem = PROBLEMS[code]
        self.detail = detail
        super().__init__(code)

    def body(self) -> dict[str, str]:
        """What the phone is told."""
        message = f"{self.problem.message}: {self.detail}" if self.detail else f"{self.problem.message}."
        return {"code": self.problem.code, "message": message, "remedy": self.problem.remedy}

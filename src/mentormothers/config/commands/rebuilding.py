"""`mentormothers rebuild`: facts, homes, caseloads, open items and search tokens, made again from the records."""

from typing import Annotated

import typer

from mentormothers.config.commands.speaking import SOME_ROWS_REFUSED, refuse, tell
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.roles import RolesError
from mentormothers.config.starting import django_running


def rebuild(
    check: Annotated[bool, typer.Option("--check", help="Only say what differs; exit 1 when anything does.")] = False,
) -> None:
    """Work out facts, homes, caseloads, open items and tokens anew from the records; mend what differs. Phones wait."""
    try:
        with django_running() as found:
            if found.admin is None:
                refuse("nothing was done: rebuilding needs the administrator's DATABASE_URL, not that of mm_app")
            _rebuild(check)
    except (EmbeddedError, RolesError) as error:
        refuse(f"nothing was done: {error}")


def _rebuild(check: bool) -> None:
    from mentormothers.access.sealing import UnreadableSealError
    from mentormothers.care.rebuilding import Difference, NotRebuiltError
    from mentormothers.care.rebuilding import rebuild as rebuild_tables
    from mentormothers.followup.rebuilding import rebuild as rebuild_open_items
    from mentormothers.people.rebuilding import rebuild_tokens

    try:
        found = [*rebuild_tables(mend=not check), *rebuild_open_items(mend=not check)]
        if any(tokens := rebuild_tokens(mend=not check)):
            found.append(Difference("search_token", *tokens))
    except UnreadableSealError as error:
        refuse(f"{error} with her key. Please restore the keys that belong to this database")
    except NotRebuiltError as error:
        refuse(
            f"nothing was done: records of the form {error} are here, and it is not published. Please run set-up first"
        )
    for difference in found:
        print(f"{difference.table}: {difference.missing} missing, {difference.wrong} too many or different")
    if not found:
        tell("Everything follows from the records as it should.")
    elif check:
        tell("Nothing was changed. Please run `mentormothers rebuild` to mend it.")
        raise typer.Exit(SOME_ROWS_REFUSED)
    else:
        tell("Mended.")

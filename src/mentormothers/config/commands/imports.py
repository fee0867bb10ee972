"""`mentormothers import ...`: taking in lists that others keep.

`mentormothers import facilities`: a list of health facilities, placed in districts by their boundaries.
"""

import csv
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from mentormothers import PROGRAMME
from mentormothers.config.commands.progress import progress
from mentormothers.config.commands.speaking import NOTHING_DONE, SOME_ROWS_REFUSED, refuse, tell
from mentormothers.config.embedded import EmbeddedError
from mentormothers.config.roles import RolesError
from mentormothers.config.starting import django_running, migrate
from mentormothers.facts.csv_file import UnreadableFileError
from mentormothers.office.csv_file import harmless
from mentormothers.sites.district_list import DistrictList, read_districts
from mentormothers.sites.facility_list import FacilityList, Remark, read_facilities
from mentormothers.sites.placing import Boundaries

if TYPE_CHECKING:  # needs Django running
    from mentormothers.sites.actions import FacilitiesImported

KEMRI_WELLCOME = "KEMRI-Wellcome list of public health facilities, 2019"
REPORT_COLUMNS = ("line", "verdict", "country", "region", "name", "reason")
_SHOWN = 50  # remarks of one verdict on the screen; the report file has all

app = typer.Typer(no_args_is_help=True, help="Take in lists that others keep.")


@app.callback()
def _imports() -> None:
    """Take in lists that others keep."""


@app.command()
def facilities(
    file: Annotated[Path, typer.Argument(help="A facility list (CSV) in the layout of the KEMRI-Wellcome list.")],
    districts: Annotated[
        Path | None, typer.Option(help="Districts with boundaries (GeoJSON). Otherwise those known or shipped.")
    ] = None,
    country: Annotated[str | None, typer.Option(help="Take this country's rows only, such as MWI.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write every refused, suspicious or unplaced row here.")] = None,
    source: Annotated[str, typer.Option(help="What to call this list; facilities are known by it.")] = KEMRI_WELLCOME,
) -> None:
    """Take in health facilities and place them in districts. Coming again with the same list changes nothing."""
    try:
        _check_report(report, (file, districts))
        with progress(f"Reading {file.name}"):
            listed = read_facilities(file, country)
            drawn = read_districts(districts, _only_country(listed) if country else None) if districts else None
            _check_together(listed, drawn)
        done = _take_in(listed, drawn, source.strip()[:120]) if listed.facilities else None
        if report:
            _write_report(report, listed, done)
    except (UnreadableFileError, EmbeddedError, RolesError) as error:
        refuse(str(error))
    _print_report(file, listed, done)
    if done is None:
        raise typer.Exit(NOTHING_DONE)
    raise typer.Exit(SOME_ROWS_REFUSED if listed.refused else 0)


def _take_in(listed: FacilityList, drawn: DistrictList | None, source: str) -> "FacilitiesImported":
    with progress("Opening the database") as step, django_running() as found:
        migrate(found)
        from mentormothers.sites.actions import countries_with_districts, import_facilities, load_districts

        countries = {facility.country for facility in listed.facilities}
        for one in [drawn] if drawn else _shipped(countries - countries_with_districts()):
            loaded = load_districts(one)
            if loaded.unlisted:
                tell(_unlisted(one, loaded.unlisted))
        taking_in = partial(step, "Taking in facilities", of=len(listed.facilities))
        return import_facilities(listed, source=source, progress=taking_in)


def _shipped(countries: set[str]) -> list[DistrictList]:
    """The districts that come with the programme, of these countries."""
    files = sorted((PROGRAMME / "places").glob("*/districts.geojson"))
    return [found for found in map(read_districts, files) if countries & {one.country for one in found.districts}]


def _only_country(listed: FacilityList) -> str | None:
    """The code of the country asked for; it may have been asked for by its name."""
    countries = {facility.country for facility in listed.facilities}
    return countries.pop() if len(countries) == 1 else None


def _check_together(listed: FacilityList, drawn: DistrictList | None) -> None:
    """Raise UnreadableFileError where boundaries and facilities have nothing to do with each other: districts of
    another country, once taken in under a wrong one, would stay."""
    if drawn is None:
        return
    boundaries = Boundaries(drawn.districts)
    standing = [facility for facility in listed.facilities if facility.point]
    if standing and not any(boundaries.place(facility).district for facility in standing):
        raise UnreadableFileError(
            f"{drawn.source}: no facility of the list lies in any of these districts. "
            "Please give the districts of the same country"
        )


def _unlisted(districts: DistrictList, names: tuple[str, ...]) -> str:
    return (
        f"{len(names)} district(s) of the same country are known that {districts.source} does not hold: "
        f"{', '.join(names)}. They stay, and take facilities too. Please check that no place is drawn twice"
    )


def _check_report(report: Path | None, read: Iterable[Path | None]) -> None:
    """Raise UnreadableFileError before anything is done rather than lose the report afterwards."""
    if report is None:
        return
    if report.resolve() in {path.resolve() for path in read if path}:
        raise UnreadableFileError(f"--report {report}: is a file to be read. Please give the report another name")
    if report.is_dir() or not report.parent.is_dir():
        raise UnreadableFileError(f"--report {report}: is no file in an existing folder. Please give another name")


def _remarks(listed: FacilityList, done: "FacilitiesImported | None") -> dict[str, tuple[Remark, ...]]:
    return {
        "refused": listed.refused,
        "suspicious": done.suspicious if done else (),
        "unplaced": done.unplaced if done else (),
    }


def _write_report(report: Path, listed: FacilityList, done: "FacilitiesImported | None") -> None:
    rows = [(verdict, remark) for verdict, remarks in _remarks(listed, done).items() for remark in remarks]
    rows.sort(key=lambda row: row[1].line)
    try:
        with report.open("w", encoding="utf-8", newline="") as written:
            writer = csv.writer(written)
            writer.writerow(REPORT_COLUMNS)
            for verdict, about in rows:
                cells = (about.line, verdict, about.country, about.region, about.name, about.reason)
                writer.writerow(harmless(cell) for cell in cells)
    except OSError as error:
        tell(f"--report {report}: {error.strerror}. The facilities are taken; please give another name and run again")


def _print_report(file: Path, listed: FacilityList, done: "FacilitiesImported | None") -> None:
    rows = len(listed.facilities) + len(listed.refused)
    print(f"{file.name}: {rows} rows read, {len(listed.refused)} refused")
    if listed.skipped:
        print(f"{sum(listed.skipped.values())} rows of {len(listed.skipped)} other countries skipped")
    if done:
        placed = sum(done.by_district.values())
        print(f"{len(listed.facilities)} facilities: {done.taken}")
        print(f"{placed} placed in districts, {len(done.unplaced)} unplaced")
        _print_districts(done)
    titles = {"refused": "Refused", "suspicious": "Taken, but suspicious", "unplaced": "Unplaced"}
    for verdict, remarks in _remarks(listed, done).items():
        _print_remarks(titles[verdict], remarks)


def _print_districts(done: "FacilitiesImported") -> None:
    if not done.by_district:
        return
    table = Table("Country", "District", box=None, pad_edge=False)
    table.add_column("Facilities", justify="right")
    for (country, district), count in done.by_district.items():
        table.add_row(country, district, str(count))
    print()
    Console(markup=False, highlight=False).print(table)


def _print_remarks(title: str, remarks: tuple[Remark, ...]) -> None:
    if not remarks:
        return
    print(f"\n{title} ({len(remarks)}):")
    for remark in remarks[:_SHOWN]:
        where = ", ".join(filter(None, (remark.name, remark.region)))
        print(f"  line {remark.line}: {f'{where}: ' if where else ''}{remark.reason}")
    if len(remarks) > _SHOWN:
        print(f"  ... and {len(remarks) - _SHOWN} more. To see all, please add --report FILE")

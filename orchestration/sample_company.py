"""The sample company in a data directory: brought once, remembered, kept apart from anybody's own data, and its time.

The simulation itself lives in `ingestion/sandbox/`; that its vendors can be read, `sample_vendors.py` sees to.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from ingestion.sandbox.place import Place
    from ingestion.settings import Settings

# How long life goes on behind the last day of the simulation that was asked for.
DAYS_AHEAD = 28


class ForeignDataError(LifecycleError):
    """The inbox holds somebody's own data; the sample company stays out of it."""


@dataclass(frozen=True, slots=True)
class SampleCompany:
    """Which sample company a data directory holds.

    Args:
        people: size.
        seed: seed of the simulation.
        end: day up to which it has lived when it is brought, ISO 8601.
        is_complete: whether all of it was written; a delivery that died is done again.
    """

    people: int
    seed: int
    end: str
    is_complete: bool = False


def is_demo(settings: Settings) -> bool:
    """Whether the data directory holds the sample company."""
    return _marker(settings).exists()


def deliver_sample_company(settings: Settings, people: int, seed: int, end: date) -> SampleCompany:
    """Bring the sample company, once: rows for its vendors, files for the inbox, and what will happen after its end.

    Args:
        settings: where the data directory is.
        people: number of people.
        seed: seed of the simulation.
        end: day up to which it has lived; ignored when the same company was delivered before.

    Returns:
        The company the directory holds.

    Raises:
        ForeignDataError: when the inbox holds other data, or a company of another size or seed.
    """
    marker = _marker(settings)
    if marker.exists():
        present = SampleCompany(**json.loads(marker.read_text(encoding="utf-8")))
        if (present.people, present.seed) != (people, seed):
            raise ForeignDataError(
                f"{settings.data_dir} holds the sample company with {present.people} people and seed {present.seed}. "
                "Choose another LIFECYCLE_DATA_DIR for another one, or delete that directory."
            )
        if present.is_complete:
            return present
        end = date.fromisoformat(present.end)
    elif any(path.is_file() for path in settings.inbox.rglob("*")):
        raise ForeignDataError(
            f"{settings.inbox} holds files that are not the sample company's. The demo does not mix with your data: "
            "set LIFECYCLE_DATA_DIR to an empty directory, or run your own data with `lifecycle run`."
        )
    company = SampleCompany(people, seed, end.isoformat())
    _remember(marker, company)
    _write(place_of(settings), company, end)
    company = replace(company, is_complete=True)
    _remember(marker, company)
    return company


def place_of(settings: Settings) -> Place:
    """The folders of the sample company of a data directory."""
    from ingestion.sandbox.place import Place

    return Place(settings.sample_company, settings.inbox)


def let_days_come(settings: Settings, day: date) -> None:
    """Let the time of the sample company go on to the end of a day; somebody's own data directory has no such time."""
    if is_demo(settings):
        place_of(settings).let_come(day)


def _write(place: Place, company: SampleCompany, end: date) -> None:
    from ingestion.sandbox.company import VendorRows, write_company
    from ingestion.sandbox.place import EXPORTS, FILES
    from ingestion.sandbox.server.account import write_exports

    shutil.rmtree(place.waiting, ignore_errors=True)
    write_company(
        people=company.people,
        seed=company.seed,
        end=end + timedelta(days=DAYS_AHEAD),
        inbox=place.waiting / FILES,
        truth=place.truth,
        vendors=VendorRows(place.rows, DAYS_AHEAD),
    )
    write_exports(place.rows, place.waiting / EXPORTS, end)
    place.let_come(end)


def contact_to_explain(settings: Settings) -> str | None:
    """A contact of the company whom it is worth to ask about: the one who bought most; never an e-mail address."""
    with connect(settings, read_only=True) as connection:
        found = connection.execute(
            "select identifiers.identifier_type || ':' || identifiers.identifier_value "
            "from marts.customer_identifiers as identifiers inner join marts.customer_profile as people "
            "using (customer_id) where identifiers.identifier_type = 'contact_id' "
            "and identifiers.identifier_value like 'hubspot:%' "
            "order by people.revenue_amount desc nulls last, identifiers.identifier_value limit 1"
        ).fetchone()
    return str(found[0]) if found else None


def _remember(marker: Path, company: SampleCompany) -> None:
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps(asdict(company)), encoding="utf-8")


def _marker(settings: Settings) -> Path:
    return settings.sample_company / "company.json"

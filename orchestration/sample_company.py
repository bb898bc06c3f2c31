"""The sample company in a data directory: brought once, remembered, and kept apart from anybody's own data.

The simulation itself lives in `ingestion/sandbox/`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from ingestion.warehouse import connect

if TYPE_CHECKING:
    from ingestion.settings import Settings


class ForeignDataError(LifecycleError):
    """The inbox holds somebody's own data; the sample company stays out of it."""


@dataclass(frozen=True, slots=True)
class SampleCompany:
    """Which sample company a data directory holds.

    Args:
        people: size.
        seed: seed of the simulation.
        end: last day of the simulation, ISO 8601.
        is_complete: whether all its files were written; a delivery that died is done again.
    """

    people: int
    seed: int
    end: str
    is_complete: bool = False


def is_demo(settings: Settings) -> bool:
    """Whether the data directory holds the sample company."""
    return _marker(settings).exists()


def deliver_sample_company(settings: Settings, people: int, seed: int, end: date) -> SampleCompany:
    """Write the sample company into the inbox, once.

    Args:
        settings: where the inbox is.
        people: number of people.
        seed: seed of the simulation.
        end: last day of the simulation; ignored when the same company was delivered before.

    Returns:
        The company the directory holds.

    Raises:
        ForeignDataError: when the inbox holds other data, or a company of another size or seed.
    """
    from ingestion.sandbox.company import write_company

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
    write_company(people=people, seed=seed, end=end, inbox=settings.inbox, truth=marker.with_name("truth"))
    company = replace(company, is_complete=True)
    _remember(marker, company)
    return company


def contact_to_explain(settings: Settings) -> str | None:
    """A contact of the company whom it is worth to ask about: the one who bought most; never an e-mail address."""
    with connect(settings, read_only=True) as connection:
        found = connection.execute(
            "select identifiers.identifier_type || ':' || identifiers.identifier_value "
            "from marts.customer_identifiers as identifiers inner join marts.customer_profile as people "
            "using (customer_id) where identifiers.identifier_type = 'contact_id' "
            "and not contains(identifiers.identifier_value, '@') "
            "order by people.revenue_amount desc nulls last, identifiers.identifier_value limit 1"
        ).fetchone()
    return str(found[0]) if found else None


def _remember(marker: Path, company: SampleCompany) -> None:
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps(asdict(company)), encoding="utf-8")


def _marker(settings: Settings) -> Path:
    return settings.data_dir / "sandbox" / "company.json"

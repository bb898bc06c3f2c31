"""Publishing and rolling back: the decision, the steps in order, and the history in `ops.publications`.

How a generation is written lives in `generation.py`, how readers are switched in `pointer.py`, how the history is kept
in `history.py`, what readers saw before what in `succession.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from ingestion.errors import ExitCode, LifecycleError
from ingestion.warehouse import WarehouseLockedError, WarehouseMissingError, connect, require_warehouse
from orchestration.publish.candidate import read_candidate
from orchestration.publish.damage import DamagedGenerationError, can_be_opened
from orchestration.publish.generation import (
    limit_memory,
    manifest_if_readable,
    next_name,
    read_manifest,
    remove_generation,
    write_generation,
)
from orchestration.publish.history import add_to_history, create_history, known_generations
from orchestration.publish.pointer import (
    DATABASE,
    GENERATIONS,
    current_generation,
    generation_names,
    point_to,
    served_generation,
    settle,
)
from orchestration.publish.readers import open_folders
from orchestration.publish.succession import seen_before, seen_latest, switch_to_new, switching

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings
    from quality.fingerprint import Fingerprints
    from quality.verdicts import Refusal

GRACE_SECONDS = 60
REFUSED = "refused.txt"
REFUSALS_TOLD = 20


class PublicationRefusedError(LifecycleError):
    """The candidate lacks a stored pass of a required check; the message lists which, or where all are listed."""


class NothingToPublishError(PublicationRefusedError):
    """No marts were built yet; the message says how to build them."""

    exit_code = ExitCode.NO_DATA


class NothingToRollBackError(LifecycleError):
    """There is no earlier generation; the message says so."""


class NothingPublishedYetError(NothingToRollBackError):
    """Nothing has ever been published."""

    exit_code = ExitCode.NO_DATA


class RollbackNotRecordedError(WarehouseLockedError):
    """The pointer has moved, but a run held the warehouse, so the history lacks the move; the message says both."""


class RollbackWithoutHistoryError(RollbackNotRecordedError):
    """The pointer has moved, but there is no warehouse, and so no history."""

    exit_code = ExitCode.NO_DATA


@dataclass(frozen=True, slots=True)
class Publication:
    """Outcome of publishing.

    Args:
        generation: the generation readers see now.
        is_new: False when it already held exactly this data.
        as_of: the date its marts look at the world from.
        row_counts: rows by table.
    """

    generation: str
    is_new: bool
    as_of: date
    row_counts: dict[str, int]


def publish(settings: Settings, run_id: str, *, accepts_identity_changes: bool = False) -> Publication:
    """Publish the marts of the warehouse as a new generation, if every required check passed for exactly this data.

    Args:
        settings: where warehouse and serving folder are.
        run_id: the run that asks.
        accepts_identity_changes: a person has looked at who would be merged and split, whatever the budget.

    Returns:
        The generation readers see afterwards. Unchanged data makes no new generation.

    Raises:
        PublicationRefusedError: with the list of checks that failed, errored, did not run or ran on other data.
        IdentityBudgetError: when who more people are would change than the settings allow.
        ReadersGroupError: when what is published cannot be given to the readers' group.
        PointerBusyError: when another process is switching readers and does not come to an end.
        WarehouseMissingError: when there is no warehouse; nothing is made then.
    """
    from orchestration.identity.changes import require_within_budget
    from quality.fingerprint import Fingerprints

    require_warehouse(settings)
    (settings.serving / GENERATIONS).mkdir(parents=True, exist_ok=True)
    settle(settings.serving)
    open_folders(settings)
    _finish_history(settings)
    with connect(settings, read_only=True) as connection:
        limit_memory(connection)
        known = Fingerprints(connection)
        candidate = read_candidate(connection, known, _require_passes(settings, connection, known))
    present = served_generation(settings.serving)
    held = manifest_if_readable(settings.serving, present) if present else None
    is_same = candidate.is_in(held)
    if present and is_same and can_be_opened(settings.serving / DATABASE):
        _drop_old_generations(settings)  # a publisher that died after the switch has left them
        return Publication(present, False, candidate.as_of, candidate.row_counts)
    if not (accepts_identity_changes or is_same):  # the same data in a damaged file changes nobody
        require_within_budget(settings)
    current = current_generation(settings.serving)  # also when its files are gone
    name = next_name([*generation_names(settings.serving), *([current] if current else [])], candidate.as_of)
    write_generation(settings, candidate.manifest(name, run_id, datetime.now(UTC).isoformat()), candidate.quality)
    switch_to_new(settings, name, in_place_of=present if is_same or held is None else None)
    _record(settings, name, "published", run_id)
    _drop_old_generations(settings)
    return Publication(name, True, candidate.as_of, candidate.row_counts)


def rollback(settings: Settings, generation: str | None = None) -> str:
    """Point readers at an earlier generation; no data is written or deleted.

    Args:
        settings: where the serving folder is.
        generation: name of the generation, or None for the one readers saw before the current.

    Returns:
        Name of the generation readers see now.

    Raises:
        NothingToRollBackError: when there is no such generation.
        DamagedGenerationError: when its file cannot be opened or its manifest be read; readers stay.
        PointerBusyError: when another process is switching readers and does not come to an end.
        RollbackNotRecordedError: when readers were moved, but a run holds the warehouse, and the history with it.
        RollbackWithoutHistoryError: when readers were moved, but there is no warehouse.
    """
    if current_generation(settings.serving) is None:
        raise NothingPublishedYetError("Nothing has been published yet, so there is nothing to roll back to.")
    with switching(settings):
        target = _target(settings.serving, generation)
        point_to(settings.serving, target)
    try:
        _record(settings, target, "rolled_back", "")
    except (WarehouseLockedError, WarehouseMissingError) as error:
        is_missing = isinstance(error, WarehouseMissingError)
        raise (RollbackWithoutHistoryError if is_missing else RollbackNotRecordedError)(
            f"Readers see {target} from their next connection on. Only its row in ops.publications is missing: {error}"
        ) from error
    return target


def _target(serving: Path, generation: str | None) -> str:
    names, current = generation_names(serving), str(current_generation(serving))
    target = generation or seen_before(serving, current)
    if target is None or target not in names:
        raise NothingToRollBackError(
            f"There is no generation {target or 'before ' + current}. On disk: {', '.join(names)}."
        )
    is_readable = can_be_opened(serving / GENERATIONS / target / DATABASE)
    if not is_readable or manifest_if_readable(serving, target) is None:
        damaged = "manifest" if is_readable else "file"
        others = ", ".join(name for name in names if name not in (target, current))
        remedy = (
            f"`lifecycle rollback <generation>` goes to another one: {others}" if others else "There is no other one"
        )
        raise DamagedGenerationError(
            f"Readers stay where they are, at {current}: the {damaged} of {target} is missing or damaged. {remedy}; "
            "`lifecycle publish` writes a new one."
        )
    return target


def _require_passes(settings: Settings, connection: DuckDBPyConnection, known: Fingerprints) -> date:
    from orchestration.run_context import read_run_context
    from quality.verdicts import refusals

    context = read_run_context(connection)
    if context is None:
        raise NothingToPublishError("There are no marts to publish yet. Build them with `lifecycle run`.")
    whole_list = settings.docs / "quality" / REFUSED
    refused = refusals(connection, context.as_of, known)
    if refused:
        raise _refused(refused, whole_list)
    whole_list.unlink(missing_ok=True)
    return context.as_of


def _refused(refused: Sequence[Refusal], whole_list: Path) -> PublicationRefusedError:
    """What failed comes first: what only did not run since then follows from it."""
    ordered = sorted(refused, key=lambda refusal: refusal.reason not in ("failed", "errored"))
    lines = [f"  - {refusal.message}" for refusal in ordered]
    whole_list.parent.mkdir(parents=True, exist_ok=True)
    whole_list.write_text("\n".join(lines) + "\n", encoding="utf-8")
    more = [f"  … and {len(lines) - REFUSALS_TOLD} more; all of them: {whole_list}"] if lines[REFUSALS_TOLD:] else []
    told = "\n".join(lines[:REFUSALS_TOLD] + more)
    return PublicationRefusedError(
        f"Not published: {len(refused)} required check(s) have no stored pass for exactly this data:\n{told}\n"
        "Readers keep the last good generation. Mend what failed, then run `lifecycle run` again."
    )


def _record(settings: Settings, generation: str, action: str, run_id: str) -> None:
    require_warehouse(settings)
    with connect(settings) as connection:
        create_history(connection)
        manifest = read_manifest(settings.serving, generation)
        add_to_history(connection, manifest, action, run_id, datetime.now(UTC))


def _finish_history(settings: Settings) -> None:
    """Bring history and folder in line after a publisher that died or a warehouse that was rebuilt or restored.

    Only a generation younger than the served one, whose own publication the history knows, was never switched to and
    goes. Any other the history lacks was published before the warehouse lost its memory and is recorded again.
    """
    from quality.verdicts import create_verdict_table

    current = current_generation(settings.serving)
    with connect(settings) as connection:
        create_history(connection)
        create_verdict_table(connection)  # a warehouse of an older version lacks columns of it
        known = known_generations(connection)
        for name in generation_names(settings.serving):
            if name in known:
                continue
            if current is None or (current in known and name > current):
                remove_generation(settings.serving, name)
            else:
                manifest = read_manifest(settings.serving, name)
                published_at = datetime.fromisoformat(manifest.published_at)
                add_to_history(connection, manifest, "published", "", published_at)


def _drop_old_generations(settings: Settings) -> None:
    """Delete what is neither kept for rollback nor possibly being opened.

    The newest `generations_kept` are kept, and the `generations_kept` readers saw last. Those are the same ones unless
    something was rolled back from, which must not push out what can be rolled back to: then there are up to twice as
    many.
    A reader follows the pointer and opens the file afterwards; what was served a moment ago has to be there for it.
    """
    names: Sequence[str] = generation_names(settings.serving)
    seen = seen_latest(settings.serving, settings.generations_kept + 1)
    kept = {*names[-settings.generations_kept :], *seen[: settings.generations_kept]}
    followers = {earlier: later for later, earlier in pairwise(seen)}
    now = datetime.now(UTC).timestamp()
    for name, successor in pairwise(names):
        # A folder changed last when its manifest was completed, right before it took over from the one before.
        served_until = (settings.serving / GENERATIONS / followers.get(name, successor)).stat().st_ctime
        if name not in kept and now - served_until >= GRACE_SECONDS:
            remove_generation(settings.serving, name)

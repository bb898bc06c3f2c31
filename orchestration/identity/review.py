"""Probable matches a person looks at: the list, one of them as two identifiers, and its picture.

How probable a match is was computed by the run (`ingestion/matching`); what accepting or rejecting means is decided in
`proposals.py`, like every other decision.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from ingestion.errors import ExitCode
from ingestion.matching.records import prepared
from ingestion.matching.scoring import open_contacts
from ingestion.warehouse import connect
from orchestration.identity.lookup import UnknownIdentifierError, shown
from orchestration.identity.overrides import pending_decisions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from duckdb import DuckDBPyConnection

    from ingestion.settings import Settings

STATUSES = ("waiting", "linked", "accepted", "rejected")


class NothingProposedError(UnknownIdentifierError):
    """No run has proposed matches yet; the message says how to get some."""

    exit_code = ExitCode.NO_DATA


@dataclass(frozen=True, slots=True)
class ProposedMatch:
    """One row of `identity.proposals`.

    Args:
        proposal_id: name of the pair.
        left, right: the two contacts, as keys.
        probability: that both are one person.
        contributions: weight of each field (base 2), with the prior.
        status: one of STATUSES.
        not_linked_because: why an automatic link was cut.
        model_version: version of the model that scored it.
        next_status: status it will have by a decision that no run has applied yet; None without one.
    """

    proposal_id: str
    left: str
    right: str
    probability: float
    contributions: dict[str, float]
    status: str
    not_linked_because: str | None
    model_version: int
    next_status: str | None = None

    def as_record(self, *, reveal: bool) -> dict[str, object]:
        """The proposal as names and values."""
        return asdict(self) | {"left": shown(self.left, reveal), "right": shown(self.right, reveal)}

    def as_text(self, *, reveal: bool) -> str:
        """The proposal as lines for a terminal."""
        weights = ", ".join(f"{field} {weight:+.1f}" for field, weight in self.contributions.items())
        cut = f" (not linked: {self.not_linked_because})" if self.not_linked_because else ""
        decided = f" ({self.next_status}, which no run has applied yet)" if self.next_status else ""
        return (
            f"{self.proposal_id}  {self.probability:.4f}  {self.status}{decided}{cut}\n"
            f"  {shown(self.left, reveal)} – {shown(self.right, reveal)}\n  {weights}"
        )


def proposed_matches(
    connection: DuckDBPyConnection, status: str | None = None, proposal_ids: Sequence[str] = ()
) -> list[ProposedMatch]:
    """Proposals, the most probable first.

    Args:
        connection: to the warehouse.
        status: only those; None for all.
        proposal_ids: only these; empty for all.

    Raises:
        UnknownIdentifierError: when there are no proposals yet, or one that is asked for does not exist.
    """
    known = connection.execute(
        "select 1 from duckdb_tables() where schema_name = 'identity' and table_name = 'proposals'"
    ).fetchone()
    if not known:
        raise NothingProposedError(
            "Nothing was proposed yet. Run `lifecycle run` with LIFECYCLE_IDENTITY_PROPOSALS=true."
        )
    rows = connection.execute(
        "select proposal_id, left_key, right_key, match_probability, contributions, status, not_linked_because,"
        " model_version from identity.proposals where ($1 is null or status = $1)"
        " and (len($2::varchar[]) = 0 or proposal_id in (select unnest($2::varchar[])))"
        " order by match_weight desc, proposal_id",
        [status, list(proposal_ids)],
    ).fetchall()
    missing = set(proposal_ids) - {row[0] for row in rows}
    if missing:
        raise UnknownIdentifierError(
            f"There is no proposal {', '.join(sorted(missing))}. `lifecycle identity proposals list` shows them."
        )
    return [ProposedMatch(*row[:4], json.loads(row[4]), *row[5:]) for row in rows]


def with_decisions(
    proposals: Sequence[ProposedMatch], connection: DuckDBPyConnection, settings: Settings
) -> list[ProposedMatch]:
    """The proposals with what was decided about them since the last run."""
    decided = {
        frozenset((one.left, one.right)): "accepted" if one.links else "rejected"
        for one in pending_decisions(settings, connection)
    }
    return [replace(one, next_status=decided.get(frozenset((one.left, one.right)))) for one in proposals]


def draw(settings: Settings, proposal_id: str, path: Path, *, reveal: bool) -> ProposedMatch:
    """Write the waterfall of one proposal as one HTML file that loads nothing; returns the proposal.

    Raises:
        UnknownIdentifierError: when there is no such proposal.
        MatchingUnavailableError: when the library is not installed.
    """
    from ingestion.matching.chart import waterfall
    from ingestion.matching.training import in_force, version

    with connect(settings, read_only=True) as connection:
        (proposal,) = proposed_matches(connection, proposal_ids=[proposal_id])
        rows = connection.execute(
            "select record_key from conformed.crm_contacts"
            " where 'contact_id:' || source || ':' || contact_id in (?, ?)",
            [proposal.left, proposal.right],
        ).fetchall()
        contacts = open_contacts(connection.table("conformed.crm_contacts"))
    with prepared(contacts, settings) as records:
        model = in_force(records, version(settings, proposal.model_version))
        page = waterfall(records, model, [record_key for (record_key,) in rows], reveal=reveal)
    path.touch(mode=0o600)
    path.write_text(page, encoding="utf-8")
    return proposal


def learn(settings: Settings) -> Path:
    """Learn a new version of the model from the company's contacts; returns its file.

    Raises:
        MatchingUnavailableError: when the library is missing or there is too little to learn from.
    """
    from ingestion.matching.training import save, train

    with connect(settings, read_only=True) as connection:
        contacts = open_contacts(connection.table("conformed.crm_contacts"))
        (as_of,) = connection.execute("select as_of from ops.run_context").fetchone()
    with prepared(contacts, settings) as records:
        return save(settings, train(records), f"{records.count:,} contacts of this company as of {as_of}")

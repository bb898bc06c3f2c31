"""The sample company up to its identities: built by the product's own steps, judged against the planted truth."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import uuid4

import numpy as np

from benchmarks.measure import Measurement, run
from benchmarks.metrics import Agreement, agreement
from ingestion.files.inbox import load_inbox
from ingestion.identifiers.resolution import connected_components
from ingestion.sandbox.company import write_company
from ingestion.settings import PROJECT_ROOT, Settings
from ingestion.warehouse import connect
from orchestration.parsed_project import DBT, dbt_environment
from orchestration.run_context import begin_run
from quality.suites.identity import UNJOINED_DOUBLES

END = date(2026, 6, 30)
SEED = 7
BEFORE = ("path:dbt_project/models/staging", "path:dbt_project/models/conformed", "path:dbt_project/seeds")
IDENTITY = "path:dbt_project/models/identity"

# Identifiers of exactly one person that the rows show, with the group that person's own links make of them.
JUDGED = """
create temp table judged as
    select row_number() over (order by identifier_key) - 1 as number, identifier_key, person_id, customer_id
    from (
        select identifier_type || ':' || identifier_value as identifier_key, min(person_id) as person_id
        from '{truth}/identifiers.parquet'
        group by all
        having count(distinct person_id) = 1
    )
    inner join identity.customer_identifiers_map using (identifier_key);
create temp table own_links as
    select left_ends.number as left_number, right_ends.number as right_number
    from identity.link_decisions as links
    inner join judged as left_ends on left_ends.identifier_key = links.left_key
    inner join judged as right_ends on right_ends.identifier_key = links.right_key
    where left_ends.person_id = right_ends.person_id;
"""


def build(settings: Settings, *selection: str) -> Measurement:
    """Run dbt on a selection and measure it."""
    environment = {**os.environ, **dbt_environment(settings), "DBT_LOG_PATH": str(settings.data_dir / "logs")}
    where = ("--project-dir", str(PROJECT_ROOT), "--profiles-dir", str(PROJECT_ROOT), "--log-level-file", "none")
    command = ("build", "--quiet", "--exclude-resource-type", "test", "unit_test")
    return run([str(DBT), *command, "--select", *selection, *where], environment)


@dataclass
class Company:
    """One sample company.

    Args:
        settings: where it lies.
        people: how many.
        identity: measurement of the identity layer, after `build`.
    """

    settings: Settings
    people: int
    identity: Measurement = field(init=False)

    def build(self) -> None:
        """Simulate, load, and build everything up to identity; only identity is measured."""
        write_company(self.people, SEED, END, self.settings.inbox, self._truth)
        load_inbox(self.settings)
        begin_run(self.settings, str(uuid4()), as_of=END, loads=True)
        build(self.settings, *BEFORE)
        self.identity = build(self.settings, IDENTITY)

    def agreement(self) -> Agreement:
        """Customers against people; recall counts the pairs that the person's own identifiers connect."""
        with connect(self.settings) as connection:
            connection.execute(JUDGED.format(truth=self._truth))
            rows = connection.execute("select person_id, customer_id from judged order by number").fetchnumpy()
            links = connection.execute("select left_number, right_number from own_links").fetchnumpy()
        person, customer = (np.asarray(rows[name], dtype=str) for name in ("person_id", "customer_id"))
        attainable = connected_components(len(person), links["left_number"], links["right_number"])
        overall, reachable = agreement(person, customer), agreement(attainable, customer)
        return Agreement(
            pairwise=type(overall.pairwise)(overall.pairwise.precision, reachable.pairwise.recall),
            b_cubed=type(overall.b_cubed)(overall.b_cubed.precision, reachable.b_cubed.recall),
            over_merge_rate=overall.over_merge_rate,
            under_merge_rate=reachable.under_merge_rate,
            largest=overall.largest,
        )

    def figures(self) -> str:
        """Identifiers, links and customers, in words; and customers with two unique ids no source or person joined."""
        with connect(self.settings, read_only=True) as connection:
            counts = connection.execute(
                "select (select count(*) from identity.customer_identifiers_map),"
                " (select count(*) from identity.link_decisions), (select count(*) from identity.customers)"
            ).fetchone()
            (doubled,) = connection.execute(f"select count(*) from ({UNJOINED_DOUBLES})").fetchone()
        return (
            f"{counts[0]:,} identifiers, {counts[1]:,} links, {counts[2]:,} customers,"
            f" {doubled:,} of them with two contacts of one source, two logins or two cards that nothing strong joins"
        )

    def proposals(self) -> str:
        """Probable matches by the model that is part of the project, and how many of them are right, in words."""
        switched_on = self.settings.model_copy(update={"identity_proposals": True})
        measured = build(switched_on, "matched_contacts", "contact_matches", "proposals")
        with connect(self.settings, read_only=True) as connection:
            pairs, right = connection.execute(
                f"""
                with owners as (
                    select 'contact_id:' || identifier_value as identifier_key, person_id
                    from '{self._truth}/identifiers.parquet'
                    where identifier_type = 'contact_id'
                )
                select count(*), count(*) filter (where left_owners.person_id = right_owners.person_id)
                from identity.proposals
                inner join owners as left_owners on left_owners.identifier_key = proposals.left_key
                inner join owners as right_owners on right_owners.identifier_key = proposals.right_key
                """
            ).fetchone()
        return (
            f"{pairs:,} proposals, {right:,} of them right, {measured.seconds:.1f} s,"
            f" peak {measured.peak_gigabytes:.2f} GB"
        )

    @property
    def _truth(self) -> Path:
        return self.settings.data_dir / "truth"

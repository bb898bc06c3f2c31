"""The lifecycle stages the CRM keeps at the contacts of one chunk: lead, opportunity, customer, each when it came true.

A CRM never moves a contact back: who buys at once was never a lead, and a customer's next deal is no opportunity.
"""

from __future__ import annotations

import numpy as np

from ingestion.contract import entity_named
from ingestion.sandbox.accounts import Deals
from ingestion.sandbox.adversity import Adversity
from ingestion.sandbox.arrays import codes, contract_table, instants, texts
from ingestion.sandbox.identifiers import Identifiers
from ingestion.sandbox.people import People
from ingestion.sandbox.timeline import NEVER
from ingestion.sandbox.writer import InboxWriter

STAGES = ("lead", "opportunity", "customer")
CAUSES = ("FORM", "DEAL", "INTEGRATION")


def write_stage_changes(
    writer: InboxWriter,
    adversity: Adversity,
    people: People,
    names: Identifiers,
    deals: Deals,
    customer_at: np.ndarray,
) -> None:
    """Write every change of a contact's stage.

    Args:
        writer: receives the rows.
        adversity: what happens to deliveries.
        people: the chunk.
        names: its identifiers.
        deals: its deals.
        customer_at: when each became a customer, NEVER for who did not.
    """
    world = adversity.world
    deal_at = np.full(len(people), NEVER)
    np.minimum.at(deal_at, deals.person, deals.created_at)
    lead_at = np.where(people.identified_at < customer_at, people.identified_at, NEVER)
    changes = (lead_at, np.where((deal_at > lead_at) & (deal_at < customer_at), deal_at, NEVER), customer_at)
    entered = [people.has_contact & (at < world.timeline.stop) for at in changes]
    person = np.concatenate([np.flatnonzero(mask) for mask in entered])
    stage = np.repeat(np.arange(len(changes)), [int(mask.sum()) for mask in entered])
    at = np.concatenate([found[mask] for found, mask in zip(changes, entered, strict=True)])
    order = np.lexsort((stage, at))
    person, stage, at = person[order], stage[order], at[order]
    table = contract_table(
        entity_named("crm_stage_changes"),
        {
            "change_id": codes("SC", world.next_numbers("stage changes", len(at))),
            "contact_id": names.contacts.take(person),
            "stage": texts(STAGES, stage),
            "changed_at": instants(at),
            "changed_by": texts(CAUSES, stage),
        },
    )
    adversity.deliver(writer, "crm_stage_changes", table, at, people.chunk)

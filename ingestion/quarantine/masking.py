"""Showing a quarantined row without personal data: which values stand as delivered, which only as their shape.

A value is shown when the contract says that it identifies nobody and it was read as a number, a time or one of the
accepted words; then it cannot be anything else. All others (texts, what breaks the contract, what the contract lacks)
may be personal data in the wrong place and are shown as a shape, which is what finding a format needs.
"""

from __future__ import annotations

import json
import re

from ingestion.contract import ENTITIES, Entity, Pii, ValueType
from ingestion.files.headers import fold

SHAPE_LENGTH = 60


def shown_values(table: str, row_json: str, problem: str, *, reveal: bool) -> dict[str, str | None]:
    """The row's values by name, as they may be shown.

    Args:
        table: table of the row's entity.
        row_json: the row as delivered.
        problem: why it is in quarantine.
        reveal: show every value as delivered.
    """
    content = json.loads(row_json)
    values = content if isinstance(content, dict) else {"record": content}
    harmless = _harmless(table, problem)
    return {
        str(name): _text(value) if reveal or fold(str(name)) in harmless else _masked(_text(value))
        for name, value in values.items()
    }


def shape(text: str) -> str:
    """The text with every letter as `a` or `A` and every digit as `9`, cut off when it is long."""
    upper = re.sub(r"[^\W\d_]", lambda letter: "A" if letter.group().isupper() else "a", text)
    masked = re.sub(r"\d", "9", upper)
    return masked if len(masked) <= SHAPE_LENGTH else f"{masked[:SHAPE_LENGTH]}… ({len(masked)} characters)"


def _harmless(table: str, problem: str) -> set[str]:
    entity = next((one for one in ENTITIES if one.table == table), None)
    if entity is None:
        return set()
    return {column.name for column in entity.columns if _identifies_nobody(entity, column.name, problem)}


def _identifies_nobody(entity: Entity, name: str, problem: str) -> bool:
    column = entity.column(name)
    is_complained_of = any(part.startswith(f"{name} ") for part in problem.split("; "))
    is_free = column.type is ValueType.JSON or (column.type is ValueType.TEXT and not column.choices)
    return column.pii is Pii.NONE and not is_free and not is_complained_of


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False)


def _masked(text: str | None) -> str | None:
    return None if text is None else shape(text)

"""SQL that reads the declared fields out of a record, says what is wrong with them, and finds fields nobody declared.

Written for a relation with `record` (JSON text), `_extra` (made of it by `extra_sql`), `v` and `t`: lists of the values
as text and of the JSON types, in the order of the table's fields. What is done with the result is `promotion.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingestion.sources.model import Field, Kind, RawTable

_WHOLE = ("UBIGINT", "BIGINT")
_JSON_TYPES = {
    Kind.INTEGER: _WHOLE,
    Kind.NUMBER: (*_WHOLE, "DOUBLE"),
    Kind.BOOLEAN: ("BOOLEAN",),
    Kind.JSON: ("OBJECT", "ARRAY"),
    Kind.INTEGER_OR_TEXT: (*_WHOLE, "VARCHAR"),
    Kind.DECIMAL_OR_TEXT: (*_WHOLE, "DOUBLE", "VARCHAR"),
}
_TEXT_TYPES = ("VARCHAR",)
_RAW_TYPES = {
    Kind.INTEGER: "bigint",
    Kind.INTEGER_OR_TEXT: "bigint",
    Kind.NUMBER: "double",
    Kind.BOOLEAN: "boolean",
    Kind.JSON: "json",
}
# What a text of each kind must be readable as; an empty text is a missing value.
_FORMS = {
    Kind.TIME_TEXT: "timestamptz",
    Kind.DATE_TEXT: "date",
    Kind.DECIMAL_TEXT: "decimal(24, 6)",
    Kind.INTEGER_TEXT: "bigint",
    Kind.BOOLEAN_TEXT: "boolean",
    Kind.INTEGER: "bigint",
    Kind.INTEGER_OR_TEXT: "bigint",
    Kind.DECIMAL_OR_TEXT: "decimal(24, 6)",
}
# Kinds in which an empty text is a value, and a wrong one.
_NEVER_EMPTY = (Kind.INTEGER, Kind.NUMBER, Kind.BOOLEAN, Kind.JSON)


@dataclass(frozen=True, slots=True)
class FieldSql:
    """A field's value in its raw type, and the reason to refuse the record (null when there is none)."""

    field: Field
    value: str
    problem: str


def raw_type(field: Field) -> str:
    """DuckDB type of the raw column: the type in the vendor's JSON; texts stay texts."""
    return _RAW_TYPES.get(field.kind, "varchar")


def field_sql(table: RawTable) -> list[FieldSql]:
    """The SQL of all fields of a table."""
    return [_field(field, place) for place, field in enumerate(table.fields, start=1)]


def extra_sql(table: RawTable) -> str:
    """What the record holds beside the declared fields, as JSON; null when that is nothing."""
    patch = _nested([field.pointer for field in table.fields])
    return f"nullif(json_merge_patch(record::json, '{patch}')::varchar, '{{}}')::json"


def new_members_sql(table: RawTable) -> str:
    """List of the pointers of members that are neither declared nor known; looks for them in `_extra`."""
    declared = {field.pointer for field in table.fields} | set(table.known) | set(table.containers)
    found = []
    for container in table.watched:
        keys = f"json_keys(_extra, '{container}')" if container else "json_keys(_extra)"
        ours = ", ".join(f"'{pointer}'" for pointer in sorted(declared))
        found.append(
            f"list_filter(list_transform(coalesce({keys}, []), lambda member: '{container}/' || member), "
            f"lambda pointer: pointer not in ({ours}))"
        )
    return f"list_concat({', '.join([*found, '[]'])})"


def _field(field: Field, place: int) -> FieldSql:
    text, type_ = f"v[{place}]", f"t[{place}]"
    allowed = ", ".join(f"'{name}'" for name in _JSON_TYPES.get(field.kind, _TEXT_TYPES))
    is_missing = f"coalesce({type_}, 'NULL') = 'NULL'"
    if field.kind not in _NEVER_EMPTY:
        is_missing = f"({is_missing} or {text} = '')"
    cases = [
        f"when {is_missing} then " + (f"'{field.name} is missing'" if field.required else "null"),
        f"when {type_} not in ({allowed}) then '{field.name} is ' || lower({type_}) || ' in the vendor''s answer, "
        f"{field.kind} was expected'",
    ]
    form = _FORMS.get(field.kind)
    if form:
        cases.append(f"when try_cast({text} as {form}) is null then '{field.name} cannot be read as {field.kind}'")
    kind = raw_type(field)
    value = f"nullif({text}, '')" if kind == "varchar" else f"try_cast({text} as {kind})"
    return FieldSql(field, value, f"case {' '.join(cases)} end")


def _nested(pointers: list[str]) -> str:
    """A JSON merge patch that removes the pointers."""
    import json

    patch: dict[str, object] = {}
    for pointer in pointers:
        *parents, member = pointer.split("/")[1:]
        place = patch
        for parent in parents:
            place = place.setdefault(parent, {})  # type: ignore[assignment]
        place[member] = None
    return json.dumps(patch)

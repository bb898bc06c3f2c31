"""The contract of the marts: `docs/marts-contract.json`, every published column, type and key, with a version.

Readers build on these names. Run as a program it brings the file and `docs/marts-changelog.md` up to date with dbt's
manifest: additions raise the minor version by themselves; a dropped or retyped column is refused unless the reason is
given, and then raises the major version. A test fails while file and models differ. What a column says is described
beside the models and in the data dictionary, not here.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.errors import LifecycleError
from ingestion.settings import PROJECT_ROOT, load_settings
from orchestration.publish.quality_tables import QUALITY_TABLES

CONTRACT = PROJECT_ROOT / "docs" / "marts-contract.json"
CHANGELOG = PROJECT_ROOT / "docs" / "marts-changelog.md"
FIRST_VERSION = "1.0"
REFRESH = "python -m orchestration.marts_contract"

KEY = "(key)"
_KEY_TESTS = ("unique", "unique_key", "primary_key")

Tables = Mapping[str, Mapping[str, str]]


class BreakingChangeError(LifecycleError):
    """A published column would vanish or change its type without a new major version; the message names it."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two states of the marts; columns are written `table.column`.

    Args:
        added: new columns.
        dropped: columns readers would miss.
        retyped: columns whose type changed, with the types.
    """

    added: tuple[str, ...]
    dropped: tuple[str, ...]
    retyped: tuple[str, ...]

    @property
    def is_breaking(self) -> bool:
        """Whether something readers may build on is gone or different."""
        return bool(self.dropped or self.retyped)

    def __bool__(self) -> bool:
        return bool(self.added or self.is_breaking)


def published_tables(manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Columns and types of every table readers see, by name, in the order of the models.

    Args:
        manifest: dbt's manifest.json as read.
    """
    models = {
        node["name"]: {name: str(column["data_type"]).lower() for name, column in node["columns"].items()}
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }
    return dict(sorted({**models, **{name: table.types for name, table in QUALITY_TABLES.items()}}.items()))


def published_keys(manifest: Mapping[str, Any]) -> dict[str, list[str]]:
    """Columns that identify a row, by table, as the key tests of the models prove; a mart without one is left out.

    Args:
        manifest: dbt's manifest.json as read.
    """
    nodes = manifest["nodes"]
    found = {name: list(table.key) for name, table in QUALITY_TABLES.items()}
    for test in nodes.values():
        model = nodes.get(test.get("attached_node") or "")
        if model and model["schema"] == "marts" and test.get("test_metadata", {}).get("name") in _KEY_TESTS:
            given = test["test_metadata"]["kwargs"]
            found[model["name"]] = list(given.get("columns") or [given["column_name"]])
    return dict(sorted(found.items()))


def published(manifest: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Tables with columns and types, and the key of each as one more entry: readers join by it."""
    keys = {table: ", ".join(columns) for table, columns in published_keys(manifest).items()}
    tables = published_tables(manifest)
    return {table: {**columns, **({KEY: keys[table]} if table in keys else {})} for table, columns in tables.items()}


def compare(old: Tables, new: Tables) -> Changes:
    """What changed from `old` to `new`."""
    before = {f"{table}.{column}": kind for table, columns in old.items() for column, kind in columns.items()}
    after = {f"{table}.{column}": kind for table, columns in new.items() for column, kind in columns.items()}
    return Changes(
        added=tuple(name for name in after if name not in before),
        dropped=tuple(name for name in before if name not in after),
        retyped=tuple(
            f"{name} ({before[name]} → {after[name]})"
            for name in before
            if name in after and before[name] != after[name]
        ),
    )


def problem(contract: Mapping[str, Any], tables: Tables) -> str | None:
    """Why the committed contract does not describe `tables`, and what to do; None when it does."""
    changes = compare(contract["tables"], tables)
    if changes.is_breaking:
        return (
            f"Readers of the marts (contract {contract['version']}) would miss or misread "
            f"{', '.join((*changes.dropped, *changes.retyped))}. Keep it, or raise the major version with "
            f'`{REFRESH} --breaking "why, and what to use instead"`.'
        )
    if changes:
        return f"The contract of the marts lacks {', '.join(changes.added)}. Run `make docs`."
    return None


def refreshed(contract: Mapping[str, Any] | None, tables: Tables, why: str | None = None) -> dict[str, Any]:
    """The contract brought up to date.

    Args:
        contract: as committed, or None to begin.
        tables: what is published now.
        why: the reason of a breaking change.

    Raises:
        BreakingChangeError: when something is dropped or retyped and no reason is given.
    """
    if contract is None:
        return {"version": FIRST_VERSION, "tables": tables, "changes": []}
    changes = compare(contract["tables"], tables)
    if changes.is_breaking and not why:
        raise BreakingChangeError(str(problem(contract, tables)))
    if not changes:
        return dict(contract)
    major, minor = (int(part) for part in contract["version"].split("."))
    version = f"{major + 1}.0" if changes.is_breaking else f"{major}.{minor + 1}"
    entry: dict[str, Any] = {"version": version}
    entry |= {"why": why} if changes.is_breaking else {}
    for kind in ("added", "dropped", "retyped"):
        if found := getattr(changes, kind):
            entry[kind] = list(found)
    return {"version": version, "tables": tables, "changes": [*contract["changes"], entry]}


def changelog(contract: Mapping[str, Any]) -> str:
    """The changes for people, the newest first."""
    lines = [
        "# Changes of the marts",
        "",
        "Generated by `make docs` from `docs/marts-contract.json`. A new major version drops or retypes columns, a new "
        "minor version only adds some. The version of a generation stands in `meta.generation` of the published file "
        "and in its `manifest.json`.",
    ]
    for entry in reversed(contract["changes"]):
        lines += ["", f"## {entry['version']}", ""]
        lines += [entry["why"], ""] if "why" in entry else []
        for kind in ("dropped", "retyped", "added"):
            lines += [f"- {kind}: {_by_table(entry[kind])}"] if kind in entry else []
    lines += ["", f"## {FIRST_VERSION}", "", "The first version with a contract."]
    return "\n".join(lines) + "\n"


def contract_version() -> str:
    """The version readers may rely on, as committed."""
    return str(committed()["version"])


def keys_of(contract: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Columns that identify a row, by table, as the contract says."""
    return {table: tuple(columns[KEY].split(", ")) for table, columns in contract["tables"].items() if KEY in columns}


def committed() -> dict[str, Any]:
    """The contract as committed."""
    contract: dict[str, Any] = json.loads(CONTRACT.read_text(encoding="utf-8"))
    return contract


def _by_table(names: Sequence[str]) -> str:
    tables: dict[str, list[str]] = {}
    for name in names:
        table, _, column = name.partition(".")
        tables.setdefault(table, []).append(column)
    return "; ".join(f"`{table}`: {', '.join(columns)}" for table, columns in tables.items())


def main(arguments: Sequence[str] | None = None, target: Path = CONTRACT, told: Path = CHANGELOG) -> None:
    """Bring contract and changelog up to date with dbt's manifest."""
    from orchestration.parsed_project import dbt_project

    parser = argparse.ArgumentParser(description="Bring the contract of the marts up to date.")
    parser.add_argument("--breaking", metavar="WHY", help="allow dropped and retyped columns, for this reason")
    why = parser.parse_args(arguments).breaking
    manifest = json.loads(dbt_project(load_settings()).manifest_path.read_text(encoding="utf-8"))
    present = json.loads(target.read_text(encoding="utf-8")) if target.exists() else None
    contract = refreshed(present, published(manifest), why)
    target.write_text(json.dumps(contract, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    told.write_text(changelog(contract), encoding="utf-8")


if __name__ == "__main__":
    main()

"""What readers of the marts build on does not vanish or change its type without a new major version."""

import pytest

from orchestration.marts_contract import (
    CHANGELOG,
    BreakingChangeError,
    changelog,
    committed,
    compare,
    keys_of,
    problem,
    published,
    refreshed,
)
from orchestration.publish.quality_tables import QUALITY_TABLES

# How a column's name ends -> what it holds. Orders that attribution shares out are counted in fractions.
NUMBER = ("integer", "bigint", "double")
TYPES = {
    "_id": ("varchar",),
    "_at": ("timestamp",),
    "_on": ("date",),
    "_count": NUMBER,
    "_days": NUMBER,
    "_rate": ("double",),
    "_amount": ("decimal", "double"),
}
# Named by what they are: a point of the calendar that stands for a whole period, or the day of the run.
DAYS = {"as_of", "period_start", "cohort_month", "period_month", "calibration_end"}
OLD = {"version": "1.2", "tables": {"kpi": {"day": "date", "amount": "double"}}, "changes": []}


def test_the_committed_contract_describes_the_published_marts(manifest):
    assert problem(committed(), published(manifest)) is None


def test_every_version_that_breaks_readers_is_a_new_major_version():
    contract = committed()
    version = (1, 0)
    for entry in contract["changes"]:
        raised = tuple(int(part) for part in entry["version"].split("."))
        is_breaking = "dropped" in entry or "retyped" in entry
        assert raised == ((version[0] + 1, 0) if is_breaking else (version[0], version[1] + 1)), entry["version"]
        assert "why" in entry or not is_breaking
        version = raised
    assert contract["version"] == ".".join(str(part) for part in version)


def test_the_changelog_tells_the_changes_of_the_contract():
    assert CHANGELOG.read_text(encoding="utf-8") == changelog(committed()), "run `make docs`"


def test_every_column_says_by_its_name_what_it_holds():
    columns = {
        f"{table}.{name}": kind.split("(")[0]
        for table, held in committed()["tables"].items()
        for name, kind in held.items()
    }
    assert misnamed(columns) == []


def test_a_column_of_another_kind_than_its_name_says_is_found():
    wrong = {"a.paid_at": "date", "a.is_paid": "integer", "a.day": "date", "a.paid": "boolean", "a.seen": "timestamp"}
    assert misnamed(wrong | {"a.seen_at": "timestamp", "a.as_of": "date"}) == sorted(wrong)


def misnamed(columns):
    def fits(name, kind):
        if name.startswith(("is_", "has_")) or kind == "boolean":
            return kind == "boolean" and name.startswith(("is_", "has_"))
        ending = next((types for ending, types in TYPES.items() if name.endswith(ending)), None)
        return kind in ending if ending else kind != "timestamp" and (kind != "date" or name in DAYS)

    return sorted(column for column, kind in columns.items() if not fits(column.split(".")[1], kind))


@pytest.mark.parametrize(
    ("tables", "named"),
    [
        ({"kpi": {"day": "date"}}, "kpi.amount"),
        ({"kpi": {"day": "timestamp", "amount": "double"}}, r"kpi.day \(date → timestamp\)"),
        ({}, "kpi.day, kpi.amount"),
    ],
)
def test_a_dropped_or_retyped_column_is_refused_by_name_until_somebody_says_why(tables, named):
    with pytest.raises(BreakingChangeError, match=named):
        refreshed(OLD, tables)
    assert "--breaking" in problem(OLD, tables)
    raised = refreshed(OLD, tables, "use kpi_summary")
    assert raised["version"] == "2.0"
    assert problem(raised, tables) is None
    assert "use kpi_summary" in changelog(raised)


def test_an_added_column_raises_the_minor_version_and_is_told():
    tables = {"kpi": {"day": "date", "amount": "double", "people": "bigint"}, "new": {"id": "varchar"}}
    assert problem(OLD, tables).endswith("lacks kpi.people, new.id. Run `make docs`.")
    raised = refreshed(OLD, tables)
    assert (raised["version"], raised["changes"]) == ("1.3", [{"version": "1.3", "added": ["kpi.people", "new.id"]}])
    assert "- added: `kpi`: people; `new`: id" in changelog(raised)


def test_another_key_is_a_change_readers_have_to_know_of():
    contract = {"version": "1.0", "tables": {"kpi": {"day": "date", "(key)": "day"}}, "changes": []}
    assert keys_of(contract) == {"kpi": ("day",)}
    with pytest.raises(BreakingChangeError, match=r"kpi.\(key\) \(day → day, channel\)"):
        refreshed(contract, {"kpi": {"day": "date", "channel": "varchar", "(key)": "day, channel"}})


def test_every_mart_has_a_key(manifest):
    tables = published(manifest)
    assert set(tables) == set(keys_of({"tables": tables}))
    assert [name for name, table in QUALITY_TABLES.items() if not set(table.key) <= set(tables[name])] == []


def test_nothing_changed_is_no_new_version():
    assert refreshed(OLD, OLD["tables"]) == OLD
    assert not compare(OLD["tables"], OLD["tables"])

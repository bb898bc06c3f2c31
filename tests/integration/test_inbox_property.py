"""However rows are cut into files, ordered, repeated and spelled: nothing is lost, nothing is doubled."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st

from ingestion.settings import Settings
from tests.integration.inbox_tools import Inbox

COLUMNS = ("contact_id", "email", "created_at", "city")
VALUES = {
    "contact_id": st.sampled_from(["c1", "c2", "c3", "", " c4 "]),
    "email": st.sampled_from(["", "a@example.com", 'odd"quote', "two\nlines", "comma, semicolon;"]),
    "created_at": st.sampled_from(["2024-01-01", "2024-01-01T10:00:00+02:00", "31.12.2024", "never", ""]),
    "city": st.sampled_from(["", "Köln", "東京", "\u00a0", "\t"]),
}
ROWS = st.lists(st.fixed_dictionaries(VALUES), max_size=8)
DELIVERIES = st.lists(st.tuples(st.sampled_from(["csv", "csv.gz", "jsonl", "parquet"]), ROWS), min_size=1, max_size=5)


def is_accepted(row):
    return row["contact_id"].strip() != "" and row["created_at"].startswith("2024")


def write(inbox, name, kind, rows):
    path = f"crm/contacts/{name}.{kind}"
    if kind.startswith("csv"):
        quoted = [",".join('"' + row[column].replace('"', '""') + '"' for column in COLUMNS) for row in rows]
        inbox.put(path, "\n".join([",".join(COLUMNS), *quoted, ""]))
    elif kind == "jsonl":
        inbox.put(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    else:
        literal = json.dumps(rows, ensure_ascii=False).replace("'", "''")
        fields = json.dumps([dict.fromkeys(COLUMNS, "VARCHAR")])
        inbox.put_parquet(path, f"select unnest(from_json('{literal}', '{fields}'), recursive := true)")


@effort(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(deliveries=DELIVERIES, order=st.randoms(use_true_random=False), repeat=st.booleans())
def test_any_partition_of_rows_into_files_in_any_order_loses_and_doubles_nothing(deliveries, order, repeat):
    deliveries = [(kind, rows) for kind, rows in deliveries if rows or kind.startswith("csv")]
    names = [f"{number:02}" for number in range(len(deliveries))]
    order.shuffle(names)
    with TemporaryDirectory() as folder:
        inbox = Inbox(Settings(data_dir=Path(folder) / "data", _env_file=None))
        contents = {}
        for name, (kind, rows) in zip(names, deliveries, strict=True):
            write(inbox, name, kind, rows)
            contents[inbox.settings.inbox.joinpath("crm/contacts", f"{name}.{kind}").read_bytes()] = rows
        report = inbox.load()

        delivered = [row for rows in contents.values() for row in rows]
        accepted = [row for row in delivered if is_accepted(row)]
        assert report.rejected == 0, report.all_messages
        assert report.rows.delivered == len(delivered)
        assert report.rows.accepted == len(accepted)
        assert report.rows.quarantined == len(delivered) - len(accepted)
        kept = inbox.query("select contact_id, coalesce(email, '') from raw_files.crm_contacts order by all")
        assert kept == sorted((row["contact_id"].strip(), row["email"]) for row in accepted)

        before = inbox.content()
        if repeat and deliveries:
            write(inbox, "99", *deliveries[0])
        assert inbox.load().loaded == 0
        assert inbox.content() == before

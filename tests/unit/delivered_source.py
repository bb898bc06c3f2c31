"""A source whose deliveries are judged against its earlier ones, for the tests of gate 1 against history."""

from dataclasses import replace
from datetime import date

from quality.adapter.session import expectation_session
from quality.comparison import collect, compare
from quality.measurements import store_measurements
from quality.suites import checks_of

TODAY = date(2024, 6, 30)
TABLE = "raw_files.crm_activities"
CONTACTS = "raw_files.crm_contacts"


class Source:
    """A source that delivers activities: one call per load, each measured when the gate sees it."""

    def __init__(self, connection):
        self.connection = connection
        self.load_seq = 0

    def deliver(self, first_day, days=28, name="a", rows_per_day=2, shift="interval 0 day"):
        """A load with some activities on each of the days; the same name and day give the same identifiers."""
        self.load_seq += 1
        self.connection.execute(
            f"""insert into {TABLE} (activity_id, contact_id, type, occurred_at, _load_seq)
            select $name || day || '-' || n, 'c' || n, 'call', day + {shift} + n * interval 1 hour, $load_seq
            from (select unnest(generate_series($first_day::timestamp, $first_day::timestamp + to_days($days - 1),
                interval 1 day)) as day), range($rows) as numbers (n)""",
            {"name": name, "load_seq": self.load_seq, "first_day": first_day, "days": days, "rows": rows_per_day},
        )
        count = days * rows_per_day
        self.connection.execute(
            """insert into ops.loads (load_seq, source, entity, file_name, status, delivered_count, accepted_count)
            values (?, 'files', 'crm_activities', ?, 'loaded', ?, ?)""",
            [self.load_seq, f"{self.load_seq}.csv", count, count],
        )

    def deliver_contacts(self, count, blank_count, name=""):
        """A load of contacts of which some have no e-mail address."""
        self.load_seq += 1
        self.connection.execute(
            f"""insert into {CONTACTS} (contact_id, email, _load_seq)
            select $name || '-' || n, case when n >= $blank then 'e' || n end, $load_seq
            from range($count) as numbers (n)""",
            {"name": name or f"{self.load_seq}", "blank": blank_count, "load_seq": self.load_seq, "count": count},
        )
        self.connection.execute(
            """insert into ops.loads (load_seq, source, entity, file_name, status, delivered_count, accepted_count)
            values (?, 'files', 'crm_contacts', 'contacts.csv', 'loaded', ?, ?)""",
            [self.load_seq, count, count],
        )

    def reject(self, count, name="type", value="fax"):
        """A load that ends in quarantine for an activity of a type the contract does not know."""
        self.deliver("2024-05-01", days=0)
        self.connection.execute(
            """insert into quarantine.rejected_rows
            (load_seq, source, entity, file_name, row_number, column_name, reason, row_json)
            select $load_seq, 'files', 'crm_activities', 'x.jsonl', n, 'type',
                'type is not one of the accepted values', json_object('Activity_ID ', 'r' || n, $name, $value)
            from range($count) as numbers (n)""",
            {"load_seq": self.load_seq, "name": name, "value": value, "count": count},
        )

    def judged(self, name, table=TABLE):
        """What the gate says to everything that has come since it looked last."""
        check = {check.key: check for check in checks_of("g1_raw")}[(table, name)]
        check = replace(check, measures=check.measures.replace(":as_of", f"date '{TODAY}'"))
        with expectation_session(self.connection) as session:
            found = compare(session, collect(self.connection, [check], f"run {self.load_seq}", TODAY))
        store_measurements(self.connection, "g1_raw", f"run {self.load_seq}", TODAY, found.measurements)
        return found.judgements[check.key].outcome

"""A connector whose staged deliveries are judged against its earlier ones, for the tests of gate 1b against history."""

from dataclasses import replace
from datetime import date

from quality.adapter.session import expectation_session
from quality.comparison import collect, compare
from quality.measurements import create_measurement_table, store_measurements
from quality.suites import checks_of

TODAY = date(2024, 6, 30)
ORDERS = "staging.stg_shopify__crm_orders"


class StagedSource:
    """A shop: one call per load, each measured when the gate sees it. Its model lacks columns the contract has."""

    def __init__(self, connection):
        self.connection = connection
        self.load_seq = 0
        connection.execute("create schema staging")
        connection.execute(
            f"""create table {ORDERS} (record_key varchar, source varchar, load_seq bigint, row_number bigint,
            contact_id varchar, email varchar, ordered_at timestamp, net_amount decimal(18, 4), currency varchar)"""
        )
        create_measurement_table(connection)

    def deliver(self, first_day, days=28, *, name="o", factor=1, blank=0.0, shift="interval 0 day"):
        """Two orders a day; the same name and day give the same orders, later as a new version."""
        self.load_seq += 1
        self.connection.execute(
            f"""insert into {ORDERS}
            select $name || day || n, 'shopify', $load_seq, n, 'c' || n,
                case when (hash(day, n) % 100) >= 100 * $blank then 'c' || n || '@example.org' end,
                day + {shift}, (20 + hash(day) % 40) * $factor, 'EUR'
            from (select unnest(generate_series($first_day::timestamp, $first_day::timestamp + to_days($days - 1),
                interval 1 day)) as day), range(2) as numbers (n)""",
            {"name": name, "load_seq": self.load_seq, "first_day": first_day, "days": days, "factor": factor,
             "blank": blank},
        )  # fmt: skip

    def judged(self, name):
        """What the gate says to everything that has come since it looked last."""
        check = {check.key: check for check in checks_of("g1b_conformed")}[(ORDERS, name)]
        check = replace(check, measures=check.measures.replace(":as_of", f"date '{TODAY}'"))
        with expectation_session(self.connection) as session:
            found = compare(session, collect(self.connection, [check], f"run {self.load_seq}", TODAY))
        store_measurements(self.connection, "g1b_conformed", f"run {self.load_seq}", TODAY, found.measurements)
        return found.judgements[check.key].outcome

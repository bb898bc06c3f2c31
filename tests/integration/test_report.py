"""The report says what the published marts say, in both languages, and nothing about a person."""

from __future__ import annotations

import re
import shutil
from collections import defaultdict
from html.parser import HTMLParser

import duckdb
import pytest

from orchestration.lifecycle_report.content import PANELS
from orchestration.lifecycle_report.model import Language
from orchestration.lifecycle_report.reading import NothingPublishedError, read_answers
from orchestration.lifecycle_report.writing import (
    ReportNotWrittenError,
    report_path,
    write_published_reports,
    write_report,
)
from orchestration.publish.pointer import DATABASE, current_generation
from tests.integration.published import publish_unchecked
from tests.integration.ten_people import TODAY
from tests.integration.tiny_company import TinyCompany

PERSONAL = {
    "customer_id", "old_customer_id", "full_name", "first_name", "last_name", "email", "phone", "city", "postal_code",
    "company_name", "identifier_value", "order_id", "touchpoint_id", "entered_by_touchpoint_id",
    "evidence_touchpoint_id", "session_id", "attributes",
}  # fmt: skip
CANARY = "kanarienvogel"


class Tables(HTMLParser):
    """The machine-readable values of every table of the page, by the address of its panel."""

    def __init__(self) -> None:
        super().__init__()
        self.panel = ""
        self.rows: dict[str, list[list[str]]] = defaultdict(list)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "article":
            self.panel = found["id"]
        elif tag == "tr":
            self.rows[self.panel].append([])
        elif tag == "data":
            self.rows[self.panel][-1].append(found["value"] or "")


@pytest.fixture(scope="module")
def settings(ten_people_today, tmp_path_factory):
    """The ten people published, every personal value of theirs made recognisable."""
    folder = tmp_path_factory.mktemp("report") / "company"
    shutil.copytree(ten_people_today.directory, folder)
    company = TinyCompany(folder)
    columns = company.rows(
        "select table_name, column_name, data_type from duckdb_columns() where schema_name = 'marts' and not internal"
    )
    marked = [(table, name) for table, name, kind in columns if name in PERSONAL and kind == "VARCHAR"]
    assert {name for _, name in marked} == PERSONAL
    company.execute(*(f"update marts.{table} set {name} = '{CANARY}' || {name}" for table, name in marked))
    publish_unchecked(company.settings, TODAY)
    return company.settings


@pytest.fixture(scope="module")
def pages(settings):
    return {language: path.read_text(encoding="utf-8") for language, path in write_published_reports(settings).items()}


@pytest.fixture(scope="module")
def tables(pages):
    parser = Tables()
    parser.feed(pages[Language.EN])
    return {name: [row for row in rows if row] for name, rows in parser.rows.items()}


def asked(settings, query):
    with duckdb.connect(str(settings.serving / DATABASE), read_only=True) as connection:
        return [
            [("" if value is None else str(value)) for value in row] for row in connection.execute(query).fetchall()
        ]


def test_nothing_about_a_person_is_on_the_page(pages):
    assert all(CANARY not in page for page in pages.values())


def test_the_page_loads_nothing_and_runs_nothing(pages):
    for page in pages.values():
        assert not re.search(r"https?://|<script|<link(?! rel=\"icon\" href=\"data:,\")|\bsrc=|url\(|@import", page)


def test_every_panel_can_be_answered_by_the_marts_of_today(settings):
    for language in Language:
        answers = read_answers(settings, PANELS, language)
        assert answers.missing == {}
        assert answers.rows.keys() == {panel.key for panel in PANELS}


def test_people_in_stages_are_the_people_of_the_profile(settings, tables):
    for model, column in (
        ("six_phase", "six_phase_stage"),
        ("relationship", "relationship_subphase"),
        ("three_r", "customer_segment"),
        ("experience", "experience_stage"),
    ):
        expected = asked(
            settings,
            f"""select label_en, count(customer_profile.customer_id) from marts.lifecycle_stages
            left join marts.customer_profile on stage = {column} where model = '{model}'
            group by label_en, stage_order order by stage_order""",
        )
        shown = [[stage, today] for name, stage, _, today in tables["overview-stages"] if name == model]
        assert shown == expected
        assert sum(int(today) for _, today in shown) > 0


def test_revenue_is_that_of_the_orders_that_were_delivered(tables):
    # 40 + 50 + 60 + 50 of Ann, 20 of Bob, 30 + 35 of Fay, 80 of Gus, 15 of nobody; 10 given back to Ann.
    rows = tables["value-revenue"]
    assert sum(int(orders) for _, orders, _, _ in rows) == 9
    assert sum(float(revenue) for _, _, revenue, _ in rows) == pytest.approx(370)
    assert sum(float(refunded) for _, _, _, refunded in rows) == pytest.approx(10)


def test_every_attribution_model_shares_out_all_revenue(settings, tables):
    [[revenue]] = asked(settings, "select sum(revenue_amount) from marts.kpi_transactions")
    columns = list(zip(*tables["acquisition-attribution"], strict=True))[1:]
    assert len(columns) == 6
    for column in columns:
        assert sum(float(value or 0) for value in column) == pytest.approx(float(revenue))


def test_movement_and_rates_are_those_of_the_mart(settings, tables):
    for panel, columns in (
        ("overview-movement", "new_count, reactivated_count, lost_count, customers_at_end_count"),
        ("retention-churn", "retention_rate, churn_rate, subscription_churn_rate"),
        ("retention-win_back", "win_back_rate"),
    ):
        width = columns.count(",") + 1
        expected = asked(
            settings,
            f"""select period_start, {columns} from marts.kpi_customer_movement
            where segment = 'all' and is_complete order by 1""",
        )
        assert [[row[0], *row[-width:]] for row in tables[panel]] == expected
        assert expected


def test_the_rfm_grid_holds_every_customer_once(settings, tables):
    [[customers]] = asked(settings, "select count(*) from marts.kpi_rfm")
    cells = [int(cell) for row in tables["value-rfm_grid"] for cell in row[1:]]
    assert len(cells) == 25
    assert sum(cells) == sum(int(row[1]) for row in tables["value-rfm_segments"]) == int(customers) > 0


def test_conversion_rates_are_sums_of_people_divided(settings, tables):
    rows = tables["overview-conversions"]
    expected = asked(
        settings,
        """select model, sum(entered_count)::bigint, sum(converted_count)::bigint from marts.kpi_stage_conversion
        where is_mature group by model""",
    )
    for model, entered, converted in expected:
        own = [row for row in rows if row[0] == model]
        assert [sum(int(row[index]) for row in own) for index in (2, 3)] == [int(entered), int(converted)]
        assert all(float(row[4]) == pytest.approx(int(row[3]) / int(row[2])) for row in own)


def test_a_check_that_did_not_pass_is_named(tables):
    assert tables["quality-not_passed"] == [
        ["g3_marts", "warn", "fail", "marts.kpi_rfm", "row_count", "3", "at least 4"]
    ]


def test_each_language_has_a_page_of_its_own(settings, pages):
    assert report_path(settings, Language.EN).name == "report.html"
    assert '<html lang="de">' in pages[Language.DE]
    assert "Gewonnene, verlorene und zurückgewonnene Kunden" in pages[Language.DE]
    assert "Bewusstsein" in pages[Language.DE]
    assert "Bewusstsein" not in pages[Language.EN]


def test_the_page_names_the_generation_it_is_about(settings, pages):
    assert all(current_generation(settings.serving) in page for page in pages.values())


def test_a_page_that_cannot_be_written_says_that_the_marts_are_published_all_the_same(settings):
    (settings.docs / ".report.html.new").mkdir()
    try:
        with pytest.raises(ReportNotWrittenError, match="published and readers see them"):
            write_published_reports(settings)
    finally:
        (settings.docs / ".report.html.new").rmdir()


def test_a_generation_without_a_table_is_reported_as_far_as_it_goes(ten_people_today, tmp_path):
    shutil.copytree(ten_people_today.directory, tmp_path / "company")
    company = TinyCompany(tmp_path / "company")
    company.execute("drop table marts.kpi_rfm")
    publish_unchecked(company.settings, TODAY)
    page = write_report(company.settings, Language.EN, tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("This generation was published by another version") == 2
    assert "Customers won, lost and won back" in page


def test_before_the_first_publication_there_is_nothing_to_report(tmp_path):
    from ingestion.settings import Settings

    empty = Settings(data_dir=tmp_path, _env_file=None)
    with pytest.raises(NothingPublishedError, match="lifecycle run"):
        write_report(empty, Language.EN, tmp_path / "report.html")
    assert NothingPublishedError.exit_code == 4

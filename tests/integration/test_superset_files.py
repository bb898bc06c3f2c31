"""Superset's files fit the published marts: each chart's question is asked here in DuckDB, without Superset."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import duckdb
import pytest
import yaml

from ingestion.settings import PROJECT_ROOT
from orchestration.publish.pointer import DATABASE
from tests.integration.published import publish_unchecked
from tests.integration.ten_people import TODAY
from tests.integration.tiny_company import TinyCompany

SUPERSET = PROJECT_ROOT / "bi" / "superset"


def files(folder: str) -> dict[str, dict]:
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (SUPERSET / folder).glob("*.yaml")}


DATASETS, CHARTS, DASHBOARDS = files("datasets"), files("charts"), files("dashboards")
BY_UUID = {dataset["uuid"]: dataset for dataset in DATASETS.values()}


@pytest.fixture(scope="module")
def published(ten_people_today, tmp_path_factory):
    folder = tmp_path_factory.mktemp("superset") / "company"
    shutil.copytree(ten_people_today.directory, folder)
    settings = TinyCompany(folder).settings
    publish_unchecked(settings, TODAY)
    with duckdb.connect(str(Path(settings.serving) / DATABASE), read_only=True) as connection:
        yield connection


def relation(dataset: dict) -> str:
    return f"({dataset['sql']})" if dataset.get("sql") else f"marts.{dataset['table_name']}"


def expression(selected: str | dict) -> str:
    return selected["sqlExpression"] if isinstance(selected, dict) else f'"{selected}"'


def question(chart: dict) -> str:
    """The query Superset would build of the chart, as far as columns, metrics and filters go."""
    asked = chart["params"]
    plural = [*asked.get("metrics", []), *asked.get("all_columns", [])]
    dimensions = asked.get("groupby", [])
    dimensions = list(dimensions) if isinstance(dimensions, list) else [dimensions]
    dimensions += [asked[name] for name in ("x_axis", "source", "target") if name in asked]
    selected = [*dimensions, *plural, *([asked["metric"]] if "metric" in asked else [])]
    where = " and ".join(f"({item['sqlExpression']})" for item in asked["adhoc_filters"]) or "true"
    grouped = f" group by {', '.join(map(expression, dimensions))}" if dimensions else ""
    source = relation(BY_UUID[chart["dataset_uuid"]])
    return f"select {', '.join(map(expression, selected))} from {source} where {where}{grouped}"


@pytest.mark.parametrize("name", sorted(CHARTS))
def test_the_marts_can_answer_what_a_chart_asks(published, name):
    assert len(published.execute(question(CHARTS[name])).description) > 0


@pytest.mark.parametrize("name", sorted(DATASETS))
def test_a_dataset_lists_the_columns_the_marts_have(published, name):
    described = published.execute(f"describe select * from {relation(DATASETS[name])}").fetchall()
    assert [column["column_name"] for column in DATASETS[name]["columns"]] == [row[0] for row in described]
    assert [column["type"] for column in DATASETS[name]["columns"]] == [row[1] for row in described]


def test_every_chart_stands_on_exactly_one_dashboard():
    placed = [
        part["meta"]["uuid"]
        for dashboard in DASHBOARDS.values()
        for part in dashboard["position"].values()
        if isinstance(part, dict) and part["type"] == "CHART"
    ]
    assert sorted(placed) == sorted(chart["uuid"] for chart in CHARTS.values())
    assert len(DASHBOARDS) == 8


def test_every_stage_has_a_colour_on_which_its_name_can_be_read():
    """Funnels write names in dark letters; on Superset's own dark colours they could not be read."""
    with (PROJECT_ROOT / "dbt_project/seeds/lifecycle/stage_catalogue.csv").open(encoding="utf-8") as seed:
        stages = {f"{int(row['stage_order']):02d} {row['label_en']}" for row in csv.DictReader(seed)}
    colours = DASHBOARDS["lifecycle_overview"]["metadata"]["label_colors"]
    assert colours.keys() == stages
    for stage, colour in colours.items():
        red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
        assert 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.7, stage


def test_the_connection_cannot_write_and_cannot_open_another_file():
    database = files("databases")["lifecycle"]
    arguments = database["extra"]["engine_params"]["connect_args"]
    assert arguments == {"read_only": True, "config": {"enable_external_access": False, "lock_configuration": True}}
    allowed = [name for name, value in database.items() if name.startswith("allow_") and value]
    assert allowed == []

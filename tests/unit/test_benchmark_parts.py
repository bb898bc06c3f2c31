"""The parts of a measured build add up to the whole, and every model of the identity layer has one."""

import json
from pathlib import Path

import pytest

from benchmarks.graph import BESIDE
from benchmarks.parts import DBT, part_of, parts_of_build, wall_shares
from ingestion.settings import PROJECT_ROOT

LAYER = PROJECT_ROOT / "dbt_project" / "models" / "identity"


def test_models_that_run_at_once_share_the_time():
    shares = wall_shares([("a", 0.0, 4.0), ("b", 1.0, 3.0), ("a", 5.0, 6.0)])
    assert shares == pytest.approx({"a": 4.0, "b": 1.0})


def test_what_no_model_took_is_dbt_itself(tmp_path: Path):
    def step(start, end):
        return {"started_at": f"2026-01-01T10:00:0{start}Z", "completed_at": f"2026-01-01T10:00:0{end}Z"}

    results = [
        {"unique_id": "model.customer_lifecycle.links", "timing": [step(2, 3), step(3, 5)]},
        {"unique_id": "model.customer_lifecycle.edges_web_login", "timing": [step(3, 5)]},
    ]
    file = tmp_path / "run_results.json"
    file.write_text(json.dumps({"results": results}))
    parts = parts_of_build(file, 10.0)
    assert (parts["identifiers, links"], parts["edges"], parts[DBT]) == pytest.approx((2.0, 1.0, 7.0))
    assert sum(parts.values()) == pytest.approx(10.0)


def test_every_model_of_the_layer_has_a_part():
    models = {file.stem for file in LAYER.rglob("*") if file.suffix in (".sql", ".py")} - set(BESIDE)
    assert models
    for model in models:
        part_of(model)

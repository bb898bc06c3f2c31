"""The dbt project is read once, whatever the number of data directories, and again after it has changed."""

from __future__ import annotations

import os

import pytest
import yaml
from jinja2 import Template

from ingestion.settings import PROJECT_ROOT, Settings
from orchestration import resources


@pytest.fixture
def readings(tmp_path, monkeypatch):
    """The data directories dbt was asked to read the project for."""
    asked = []

    def read(settings):
        asked.append(settings.data_dir.name)
        for name in resources.ARTIFACTS:
            (settings.data_dir / "dbt" / name).write_text(settings.data_dir.name, encoding="utf-8")

    root = tmp_path / "checkout"
    (root / "dbt_project").mkdir(parents=True)
    (root / "dbt_project.yml").write_text("name: anything", encoding="utf-8")
    for name in ("profiles.yml", "dbt_project/model.sql"):
        (root / name).touch()
    monkeypatch.setattr(resources, "PROJECT_ROOT", root)
    monkeypatch.setattr(resources, "PARSED", root / "target" / "parsed")
    monkeypatch.setattr(resources, "_parse", read)
    return asked


def manifest_of(tmp_path, name):
    project = resources.dbt_project(Settings(data_dir=tmp_path / name, _env_file=None))
    return project.manifest_path.read_text(encoding="utf-8")


def test_a_second_data_directory_takes_over_what_was_read_for_the_first(readings, tmp_path):
    assert manifest_of(tmp_path, "first") == manifest_of(tmp_path, "second") == "first"
    assert manifest_of(tmp_path, "second") == "first"
    assert readings == ["first"]
    assert sorted(path.name for path in (tmp_path / "second" / "dbt").iterdir()) == sorted(resources.ARTIFACTS)


def test_a_changed_project_is_read_again_by_every_data_directory_it_is_new_to(readings, tmp_path):
    manifest_of(tmp_path, "first")
    model = tmp_path / "checkout" / "dbt_project" / "model.sql"
    later = model.stat().st_mtime + 60
    os.utime(model, (later, later))
    assert manifest_of(tmp_path, "second") == "second"
    assert readings == ["first", "second"]


@pytest.mark.parametrize(
    ("variables", "prod", "dev"),
    [
        ({}, "data", "data-dev"),
        ({"LIFECYCLE_DATA_DIR": "/srv/live"}, "/srv/live", "data-dev"),
        ({"LIFECYCLE_DATA_DIR": "/srv/live", "LIFECYCLE_DEV_DATA_DIR": "/srv/try"}, "/srv/live", "/srv/try"),
    ],
)
def test_the_target_dev_opens_and_spills_into_a_directory_of_its_own_and_is_the_same_otherwise(variables, prod, dev):
    text = Template((PROJECT_ROOT / "profiles.yml").read_text(encoding="utf-8")).render(env_var=variables.get)
    profile = yaml.safe_load(text)["lifecycle"]
    assert profile["target"] == "prod", "runs of the pipeline name no target"
    targets = profile["outputs"]
    for name, folder in (("prod", prod), ("dev", dev)):
        assert targets[name].pop("path") == f"{folder}/warehouse.duckdb"
        assert targets[name]["config_options"].pop("temp_directory") == f"{folder}/spill"
    assert targets["dev"] == targets["prod"]

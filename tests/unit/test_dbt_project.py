"""The dbt project is read once, whatever the number of data directories, and again after it has changed."""

from __future__ import annotations

import os
import shutil

import pytest
import yaml
from jinja2 import Template

from ingestion.settings import PROJECT_ROOT, Settings
from orchestration import parsed_project

KEPT = {*parsed_project.ARTIFACTS, parsed_project.READ_FROM}


@pytest.fixture
def readings(tmp_path, monkeypatch):
    """The data directories dbt was asked to read the project for."""
    asked = []

    def read(settings):
        asked.append(settings.data_dir.name)
        for name in parsed_project.ARTIFACTS:
            (settings.data_dir / "dbt" / name).write_text(settings.data_dir.name, encoding="utf-8")

    root = tmp_path / "checkout"
    (root / "dbt_project").mkdir(parents=True)
    (root / "dbt_project.yml").write_text("name: anything", encoding="utf-8")
    for name in ("profiles.yml", "dbt_project/model.sql"):
        (root / name).touch()
    monkeypatch.setattr(parsed_project, "PROJECT_ROOT", root)
    monkeypatch.setattr(parsed_project, "PARSED", root / "target" / "parsed")
    monkeypatch.setattr(parsed_project, "_parse", read)
    return asked


def manifest_of(tmp_path, name):
    project = parsed_project.dbt_project(Settings(data_dir=tmp_path / name, _env_file=None))
    return project.manifest_path.read_text(encoding="utf-8")


def test_a_second_data_directory_takes_over_what_was_read_for_the_first(readings, tmp_path):
    assert manifest_of(tmp_path, "first") == manifest_of(tmp_path, "second") == "first"
    assert manifest_of(tmp_path, "second") == "first"
    assert readings == ["first"]
    assert {path.name for path in (tmp_path / "second" / "dbt").iterdir()} == KEPT


def change(path):
    """New contents, with times of long before: as an archive or an image brings them."""
    path.write_text("select 2", encoding="utf-8")
    os.utime(path, (0, 0))


def test_a_changed_project_is_read_again_by_every_data_directory_it_is_new_to(readings, tmp_path):
    manifest_of(tmp_path, "first")
    change(tmp_path / "checkout" / "dbt_project" / "model.sql")
    assert manifest_of(tmp_path, "second") == "second"
    assert manifest_of(tmp_path, "first") == "second"
    assert readings == ["first", "second"]


def test_a_file_that_is_new_gone_or_has_another_name_changes_the_project(readings, tmp_path):
    models = tmp_path / "checkout" / "dbt_project"
    for number, step in enumerate(
        (lambda: None, (models / "new.sql").touch, lambda: (models / "new.sql").rename(models / "other.sql"))
    ):
        step()
        manifest_of(tmp_path, "any")
        assert len(readings) == number + 1
    (models / "other.sql").unlink()
    manifest_of(tmp_path, "any")
    assert len(readings) == 4


def test_a_copied_data_directory_of_an_older_project_is_not_taken_for_the_newest_reading(readings, tmp_path):
    manifest_of(tmp_path, "first")
    change(tmp_path / "checkout" / "dbt_project" / "model.sql")
    shutil.copytree(tmp_path / "first", tmp_path / "copy", copy_function=shutil.copyfile)
    assert manifest_of(tmp_path, "copy") == "copy"


def test_what_another_dbt_has_read_is_read_again(readings, tmp_path, monkeypatch):
    manifest_of(tmp_path, "first")
    monkeypatch.setattr(parsed_project.metadata, "version", lambda _: "99.0")
    manifest_of(tmp_path, "first")
    assert readings == ["first", "first"]


def test_a_reading_that_was_left_unfinished_does_not_count_even_for_the_project_before_it(
    readings, tmp_path, monkeypatch
):
    model = tmp_path / "checkout" / "dbt_project" / "model.sql"
    before = model.read_text(encoding="utf-8")
    manifest_of(tmp_path, "first")
    change(model)
    with monkeypatch.context() as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(parsed_project, "_note", interrupt)
        manifest_of(tmp_path, "first")
    model.write_text(before, encoding="utf-8")
    shutil.rmtree(parsed_project.PARSED)
    manifest_of(tmp_path, "first")
    assert readings == ["first", "first", "first"]


def interrupt(*_):
    raise KeyboardInterrupt


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

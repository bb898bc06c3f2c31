"""The dbt project is read once, whatever the number of data directories, and again after it has changed."""

from __future__ import annotations

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
import yaml
from jinja2 import Template

from ingestion.settings import PROJECT_ROOT, Settings
from orchestration import parsed_project

KEPT = {*parsed_project.ARTIFACTS, parsed_project.READ_FROM, parsed_project.LOCK}


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


@pytest.mark.parametrize("package", ["dbt-core", "dbt-adapters", "dbt-duckdb"])
def test_what_another_dbt_has_read_is_read_again(readings, tmp_path, monkeypatch, package):
    manifest_of(tmp_path, "first")
    installed = parsed_project.metadata.version
    monkeypatch.setattr(parsed_project.metadata, "version", lambda name: "99.0" if name == package else installed(name))
    manifest_of(tmp_path, "first")
    assert readings == ["first", "first"]


@pytest.mark.parametrize("unfinished", ["_note", "_parse"])
def test_a_reading_that_was_left_unfinished_does_not_count_even_for_the_project_before_it(
    readings, tmp_path, monkeypatch, unfinished
):
    with changed_for_a_moment(tmp_path, monkeypatch) as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(parsed_project, unfinished, interrupt)
        manifest_of(tmp_path, "first")
    shutil.rmtree(parsed_project.PARSED)
    readings.clear()
    manifest_of(tmp_path, "first")
    assert readings == ["first"]


def test_what_others_shall_take_over_does_not_count_when_it_was_left_half_copied(readings, tmp_path, monkeypatch):
    def copy_one(source, target):
        target.write_bytes(source.read_bytes())
        if source.name == parsed_project.ARTIFACTS[-1]:
            raise KeyboardInterrupt

    with changed_for_a_moment(tmp_path, monkeypatch) as killed, pytest.raises(KeyboardInterrupt):
        killed.setattr(parsed_project.shutil, "copyfile", copy_one)
        manifest_of(tmp_path, "first")
    assert manifest_of(tmp_path, "second") == "second"


def test_a_project_that_changes_while_it_is_read_is_read_again(readings, tmp_path, monkeypatch):
    model = tmp_path / "checkout" / "dbt_project" / "model.sql"
    read = parsed_project._parse

    def read_while_it_changes(settings):
        read(settings)
        change(model)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(parsed_project, "_parse", read_while_it_changes)
        manifest_of(tmp_path, "first")
    model.write_text("", encoding="utf-8")
    assert manifest_of(tmp_path, "second") == "second"
    assert manifest_of(tmp_path, "first") == "second"


def test_dbt_reads_a_changed_project_whole_for_it_would_go_by_the_times_of_files(readings, tmp_path, monkeypatch):
    manifest_of(tmp_path, "first")
    change(tmp_path / "checkout" / "dbt_project" / "model.sql")
    read, found = parsed_project._parse, []

    def look(settings):
        found.extend((settings.data_dir / "dbt").glob("*.msgpack"))
        read(settings)

    monkeypatch.setattr(parsed_project, "_parse", look)
    manifest_of(tmp_path, "first")
    assert (readings, found) == (["first", "first"], [])


def test_who_may_not_write_beside_the_project_takes_over_what_is_there_and_else_reads_for_itself(
    readings, tmp_path, monkeypatch
):
    manifest_of(tmp_path, "first")
    monkeypatch.setattr(parsed_project.os, "access", lambda *_: False)
    (parsed_project.PARSED / parsed_project.LOCK).unlink()
    assert manifest_of(tmp_path, "second") == "first"
    change(tmp_path / "checkout" / "dbt_project" / "model.sql")
    assert manifest_of(tmp_path, "second") == "second"
    assert {path.name for path in parsed_project.PARSED.iterdir()} == KEPT - {parsed_project.LOCK}
    assert (parsed_project.PARSED / "manifest.json").read_text(encoding="utf-8") == "first"


def test_of_several_that_begin_at_the_same_time_one_reads(readings, tmp_path, monkeypatch):
    read = parsed_project._parse

    def read_slowly(settings):
        time.sleep(0.2)
        read(settings)

    monkeypatch.setattr(parsed_project, "_parse", read_slowly)
    with ThreadPoolExecutor() as begun:
        manifests = set(begun.map(lambda name: manifest_of(tmp_path, name), ["first", "first", "second", "second"]))
    assert len(readings) == len(manifests) == 1


@contextmanager
def changed_for_a_moment(tmp_path, monkeypatch):
    """A project that was read, is changed for the length of the block, and is what it was after it."""
    manifest_of(tmp_path, "first")
    model = tmp_path / "checkout" / "dbt_project" / "model.sql"
    before = model.read_text(encoding="utf-8")
    change(model)
    with monkeypatch.context() as killed:
        yield killed
    model.write_text(before, encoding="utf-8")


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

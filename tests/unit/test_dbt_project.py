"""The dbt project is read once, whatever the number of data directories, and again after it has changed."""

from __future__ import annotations

import os

import pytest

from ingestion.settings import Settings
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

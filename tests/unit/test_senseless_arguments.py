"""Arguments that make no sense end as wrong usage, in words that name what would make some, and nothing is made."""

import os
from datetime import timedelta

import pytest
import typer

from ingestion.errors import ExitCode
from orchestration.alerts.channels import TO_BE_SET
from orchestration.cli import app as frame
from orchestration.cli.output import require_file
from orchestration.sample_company import _marker


@pytest.fixture
def lifecycle(settings, monkeypatch, capsys):
    """Calls the command on an empty directory; gives its exit code and all it said, in one line."""
    monkeypatch.setenv("LIFECYCLE_DATA_DIR", str(settings.data_dir))

    def call(*arguments):
        monkeypatch.setattr("sys.argv", ["lifecycle", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            frame.main()
        told = capsys.readouterr()
        return ended.value.code, " ".join((told.out + told.err).replace("│", " ").split())

    return call


@pytest.mark.parametrize("command", [("list",), ("release", "--reason", "right"), ("discard", "--reason", "wrong")])
def test_an_entity_or_a_source_nobody_knows_is_told_with_those_there_are(lifecycle, settings, command):
    code, told = lifecycle("quarantine", *command, "--entity", "nope")
    assert code == ExitCode.USAGE
    assert "there is no 'nope'; choose from" in told
    assert "crm/contacts" in told and "stage_changes" in told
    code, told = lifecycle("quarantine", *command, "--source", "nope")
    assert (code, "choose from files, hubspot" in told) == (ExitCode.USAGE, True)
    assert not settings.data_dir.exists()


@pytest.mark.parametrize("entity", ["crm/contacts", "crm_contacts", "stage_changes"])
def test_every_way_to_name_an_entity_is_known(lifecycle, entity):
    assert lifecycle("quarantine", "list", "--entity", entity, "--source", "hubspot")[0] == ExitCode.NO_DATA


@pytest.mark.parametrize("command", [("sources", "load", "hubspot"), ("backfill",)])
def test_a_window_that_has_not_begun_is_told_with_the_day_it_is(lifecycle, settings, command):
    tomorrow = settings.today() + timedelta(days=1)
    code, told = lifecycle(*command, "--since", tomorrow, "--until", tomorrow)
    assert (code, f"which has not come yet: today is {settings.today()}" in told) == (ExitCode.USAGE, True)
    assert not settings.data_dir.exists()


def test_the_days_of_a_demo_may_lie_ahead_of_the_calendar(lifecycle, settings):
    marker = _marker(settings)
    marker.parent.mkdir(parents=True)
    marker.write_text('{"people": 100, "seed": 7, "end": "2026-06-30", "is_complete": true}', encoding="utf-8")
    tomorrow = settings.today() + timedelta(days=1)
    assert "has not come yet" not in lifecycle("sources", "load", "nobody", "--since", tomorrow)[1]


def test_a_test_of_the_alerts_without_a_channel_says_what_to_set(lifecycle):
    code, told = lifecycle("alerts", "test")
    assert (code, told) == (ExitCode.NO_DATA, f"No channel is configured. {TO_BE_SET}")
    assert "LIFECYCLE_SMTP_HOST" in told


def test_a_device_is_not_replaced_by_a_report(lifecycle, tmp_path):
    """The file takes the place of what has its name: as root, that would have been the device itself."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    code, told = lifecycle("report", "--out", pipe)
    assert (code, "is no file that can be replaced" in told) == (ExitCode.USAGE, True)
    assert pipe.is_fifo()


def test_a_name_the_disk_cannot_hold_is_wrong_usage(lifecycle, tmp_path):
    code, told = lifecycle("report", "--out", tmp_path / ("x" * 300))
    assert (code, "File name too long" in told) == (ExitCode.USAGE, True)


def test_a_file_in_a_file_is_wrong_usage(lifecycle, tmp_path):
    (tmp_path / "file").touch()
    code, told = lifecycle("report", "--out", tmp_path / "file" / "report.html")
    assert (code, "cannot be written to" in told) == (ExitCode.USAGE, True)


@pytest.mark.skipif(os.geteuid() != 0, reason="becomes somebody else, which only root can")
@pytest.mark.parametrize("closed", ["file", "folder", "file in a folder nobody may look into"])
def test_what_its_user_may_not_write_to_is_wrong_usage(tmp_path, closed):
    file, hidden = tmp_path / "report.html", tmp_path / "hidden"
    file.touch(mode=0o644)
    hidden.mkdir(mode=0o700)
    places = {"file": file, "folder": tmp_path / "new.html", "file in a folder nobody may look into": hidden / "x.html"}
    above = [folder for folder in tmp_path.parents if folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001]
    modes = {folder: folder.stat().st_mode for folder in above}
    for folder in above:
        folder.chmod(0o711)
    tmp_path.chmod(0o777 if closed == "file" else 0o755)
    os.setresuid(65_534, 65_534, 0)
    try:
        with pytest.raises(typer.BadParameter, match="cannot be written to"):
            require_file(places[closed], makes_folder=True)
    finally:
        os.setresuid(0, 0, 0)
        for folder, mode in modes.items():
            folder.chmod(mode)


def test_a_report_goes_into_a_folder_that_is_not_there_yet(tmp_path):
    assert require_file(tmp_path / "a" / "b.html", makes_folder=True) == tmp_path / "a" / "b.html"

"""Settings refuse what they do not know and name the choices."""

import pytest
from pydantic import ValidationError

from ingestion.settings import Settings


def test_the_data_directory_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert Settings(data_dir="here", _env_file=None).data_dir == tmp_path / "here"


@pytest.mark.parametrize(
    ("field", "value", "hint"),
    [
        ("reporting_currency", "EURO", "ISO 4217"),
        ("timezone", "Berlin", "Europe/Berlin"),
        ("threads", 0, "greater than or equal to 1"),
    ],
)
def test_an_unknown_value_is_an_error_that_says_what_to_write(field, value, hint):
    with pytest.raises(ValidationError, match=hint):
        Settings(**{field: value}, _env_file=None)


def test_settings_cannot_change_while_the_program_runs():
    with pytest.raises(ValidationError):
        Settings(_env_file=None).threads = 4


def test_the_environment_is_read_by_prefix(monkeypatch):
    monkeypatch.setenv("LIFECYCLE_REPORTING_CURRENCY", "usd")
    assert Settings(_env_file=None).reporting_currency == "USD"


def test_the_example_file_names_every_setting_with_its_default():
    from ingestion.settings import PROJECT_ROOT

    lines = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    given = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert set(given) == {f"LIFECYCLE_{name.upper()}" for name in Settings.model_fields}
    given["LIFECYCLE_DATA_DIR"] = str(PROJECT_ROOT / "data")
    for name, value in given.items():
        default = Settings.model_fields[name.removeprefix("LIFECYCLE_").lower()].default
        shown = str(default).lower() if isinstance(default, bool) else str(default)
        assert ("" if default is None else shown) == value

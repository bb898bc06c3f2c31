"""What is shipped for production fits together, names what exists, and listens to nobody but this machine."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from ingestion.settings import PROJECT_ROOT, Settings

DEPLOY = PROJECT_ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


def text(path):
    return path.read_text(encoding="utf-8")


def variables(path):
    return dict(line.split("=", 1) for line in text(path).splitlines() if line and not line.startswith("#"))


def test_the_settings_of_production_are_settings_of_the_project():
    given = {name for name in variables(DEPLOY / "systemd" / "lifecycle.env") if name.startswith("LIFECYCLE_")}
    assert given <= {f"LIFECYCLE_{name.upper()}" for name in Settings.model_fields}
    assert {"LIFECYCLE_DATA_DIR", "LIFECYCLE_SCHEDULES_ON", "LIFECYCLE_MEMORY_LIMIT", "LIFECYCLE_SPILL_LIMIT"} <= given


def test_the_settings_of_production_hold_no_secret():
    secret = {f"LIFECYCLE_{name.upper()}" for name, field in Settings.model_fields.items() if "Secret" in str(field)}
    assert secret
    assert not secret & set(variables(DEPLOY / "systemd" / "lifecycle.env"))


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_a_unit_starts_a_command_there_is_as_nobody_special(unit):
    import typer

    from orchestration.cli.app import app

    [start] = re.findall(r"^ExecStart=/opt/lifecycle/\.venv/bin/lifecycle (\w+) (\w+)", text(unit), re.MULTILINE)
    group = typer.main.get_command(app).commands[start[0]]
    assert start[1] in group.commands
    assert "User=lifecycle" in text(unit)
    assert re.search("^Read(Write|Only)Paths=/var/lib/lifecycle$", text(unit), re.MULTILINE)
    assert "MemoryMax=" in text(unit)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_understands_the_units(tmp_path):
    for unit in UNITS:
        known = re.sub(r"^(User|Group|WorkingDirectory|EnvironmentFile)=.*\n", "", text(unit), flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(known.replace("/opt/lifecycle/.venv/bin/lifecycle", "/bin/true"))
    told = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *map(str, sorted(tmp_path.iterdir()))],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in told.stderr.splitlines() if "lifecycle" in line]
    assert ours == [], told.stderr


def test_the_ui_is_read_only_and_listens_on_loopback_only(monkeypatch):
    from orchestration.cli import service

    started = []
    monkeypatch.setattr(service, "_become", lambda *arguments: started.append(arguments))
    service.webserver()
    service.webserver(port=3001, path_prefix="/dagster", writable=True)
    definitions = ("--module-name", "orchestration.definitions")
    assert started == [
        ("dagster-webserver", "--host", "127.0.0.1", "--port", "3000", "--read-only", *definitions),
        ("dagster-webserver", "--host", "127.0.0.1", "--port", "3001", "--path-prefix", "/dagster", *definitions),
    ]


def test_the_proxy_asks_for_a_login_over_tls_and_leads_to_the_ui():
    proxy = text(DEPLOY / "nginx.conf")
    assert "auth_basic_user_file" in proxy
    assert "listen 443 ssl" in proxy
    assert "proxy_pass         http://127.0.0.1:3000;" in proxy
    assert "proxy_pass       http://127.0.0.1:3080/;" in proxy
    assert Settings(_env_file=None).documents_url == "http://127.0.0.1:3080"
    assert proxy.count("{") == proxy.count("}")


def test_the_image_installs_the_lock_alone_and_does_not_run_as_root():
    lines = [line.strip() for line in text(DEPLOY / "Containerfile").splitlines() if line and not line.startswith("#")]
    words = [line.split()[0] for line in lines if re.match(r"[A-Z]+ ", line)]
    assert words[0] == "FROM"
    assert re.fullmatch(r"FROM \S+:\d+\.\d+\.\d+\S*", lines[0]), "a base that can change is no base"
    assert "ADD" not in words
    assert words.index("USER") < words.index("ENTRYPOINT")
    (user,) = re.findall(r"^USER (\d+)$", "\n".join(lines), re.MULTILINE)
    assert f"--uid {user} " in "\n".join(lines), "the user named by number is the one that owns the data"
    assert int(user) > 0
    assert any("--no-deps --requirement requirements.lock" in line for line in lines)
    assert all("pip install" not in line or "--no-deps" in line for line in lines)


def test_what_must_not_get_into_an_image_is_left_out():
    left_out = set(text(PROJECT_ROOT / ".containerignore").split())
    assert {".env", ".git", ".venv", "data*"} <= left_out


def test_the_script_puts_everything_where_the_units_look_for_it(tmp_path):
    if not (PROJECT_ROOT / ".git").exists():
        pytest.skip("the script copies what git knows; this is no git checkout")
    told = subprocess.run(
        [DEPLOY / "install"],
        env={"PATH": "/usr/bin:/bin", "DESTDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "opt" / "lifecycle" / "requirements.lock").exists()
    assert not (tmp_path / "opt" / "lifecycle" / ".env").exists()
    for unit in UNITS:
        assert (tmp_path / "etc" / "systemd" / "system" / unit.name).exists()
    for name in ("lifecycle.env", "secrets.env"):
        assert (tmp_path / "etc" / "lifecycle" / name).stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "var" / "lib" / "lifecycle").stat().st_mode & 0o777 == 0o700


def test_the_script_keeps_settings_and_secrets_when_it_runs_again(tmp_path):
    if not (PROJECT_ROOT / ".git").exists():
        pytest.skip("the script copies what git knows; this is no git checkout")
    for name in ("lifecycle.env", "secrets.env"):
        kept = tmp_path / "etc" / "lifecycle" / name
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text("MINE=1\n")
    subprocess.run([DEPLOY / "install"], env={"PATH": "/usr/bin:/bin", "DESTDIR": str(tmp_path)}, check=True)
    assert {text(tmp_path / "etc" / "lifecycle" / name) for name in ("lifecycle.env", "secrets.env")} == {"MINE=1\n"}


def staged(folder):
    if not (PROJECT_ROOT / ".git").exists():
        pytest.skip("the script copies what git knows; this is no git checkout")
    subprocess.run([DEPLOY / "install"], env={"PATH": "/usr/bin:/bin", "DESTDIR": str(folder)}, check=True)
    return folder / "opt" / "lifecycle"


def test_an_update_removes_files_the_project_no_longer_has_and_keeps_the_environment(tmp_path):
    code = staged(tmp_path)
    (code / "ingestion" / "deleted.py").touch()
    (code / ".venv").mkdir()
    (code / ".venv" / ".installed").touch()
    staged(tmp_path)
    assert not (code / "ingestion" / "deleted.py").exists()
    assert (code / "ingestion" / "settings.py").exists()
    installed = (code / ".venv" / ".installed").stat().st_mtime
    assert (code / "requirements.lock").stat().st_mtime >= installed, "make would not install a lock that changed"


def test_the_command_has_the_settings_and_the_secrets_of_the_services(tmp_path):
    code = staged(tmp_path)
    hook = "https://hooks.example.com/T0?a=1&b=$HOME"
    (tmp_path / "etc" / "lifecycle" / "secrets.env").write_text(
        f'# secret\nLIFECYCLE_ALERT_WEBHOOK_URL={hook}\nLIFECYCLE_SMTP_PASSWORD="two words"'
    )
    program = code / ".venv" / "bin" / "lifecycle"
    program.parent.mkdir(parents=True)
    names = ("DATA_DIR", "ALERT_WEBHOOK_URL", "SMTP_PASSWORD")
    program.write_text("#!/bin/sh\n" + "".join(f'echo "$LIFECYCLE_{name}"\n' for name in names) + 'echo "$@"\n')
    program.chmod(0o755)
    told = subprocess.run(
        [tmp_path / "usr" / "local" / "bin" / "lifecycle", "alerts", "test"],
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["/var/lib/lifecycle", hook, "two words", "alerts test"]


def test_an_update_stops_the_services_before_the_code_changes_and_starts_them_on_the_new_one():
    script = text(DEPLOY / "install")
    assert script.index("systemctl stop") < script.index('mv "$code.new" "$code"') < script.index("systemctl restart")

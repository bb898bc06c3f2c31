"""Starts Apache Superset on the published file: `make bi`. Runs in Superset's own environment, `.venv-bi`.

The first start makes Superset's metadata, a secret and a password in `<data>/superset`, readable by this user only, and
prints the password once. Every start imports the databases, datasets, charts and dashboards beside this file anew: they
are the truth, and what is changed in the browser lasts until the next start unless it is exported into these files.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
USER = "admin"
ASSETS = ("databases", "datasets", "charts", "dashboards")
PLACEHOLDER = "PUBLISHED_FILE"


def main() -> None:
    """Prepare Superset and become its web server, until Ctrl-C."""
    options = argparse.ArgumentParser(description="Superset on the published marts, on 127.0.0.1.")
    options.add_argument("--port", type=int, default=8088)
    options.add_argument("--data", type=Path, required=True, help="The data directory of the warehouse.")
    chosen = options.parse_args()
    published = chosen.data.resolve() / "serving" / "lifecycle.duckdb"
    if not published.exists():
        sys.exit(f"{published} does not exist yet: publish something first (`lifecycle run`, or `make demo`).")
    home = chosen.data.resolve() / "superset"
    home.mkdir(mode=0o700, exist_ok=True)
    home.chmod(0o700)
    secret(home / "secret_key")
    is_first = not (home / "password").exists()
    password = secret(home / "password")
    os.environ |= {
        "LIFECYCLE_SUPERSET_HOME": str(home),
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(HERE / "superset_config.py"),
        "SCARF_ANALYTICS": "false",
        "PYTHONWARNINGS": "ignore",
    }
    prepare(published, password)
    (home / "superset.db").chmod(0o600)
    say(f"Superset: http://127.0.0.1:{chosen.port}, user {USER}, password in {home / 'password'}")
    if is_first:
        say(f"The password, shown this once: {password}")
    serve(chosen.port)


def secret(path: Path) -> str:
    """The random text in a file only this user can read; made when it is not there yet."""
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(24))
    return path.read_text(encoding="utf-8")


def prepare(published: Path, password: str) -> None:
    """Bring Superset's metadata up to date: schema, roles, the one user, and everything in the files beside this."""
    from flask import g
    from flask_migrate import upgrade
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        import superset
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.extensions import appbuilder, security_manager

        upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
        appbuilder.add_permissions(update_perms=True)
        security_manager.sync_role_definitions()
        user = security_manager.find_user(USER) or security_manager.add_user(
            USER, "Lifecycle", "Admin", "admin@localhost", security_manager.find_role("Admin"), password
        )
        g.user = user
        ImportAssetsCommand(assets(published)).run()


def assets(published: Path) -> dict[str, str]:
    """Every file to import by its name, with the published file's address put in."""
    contents = {"metadata.yaml": (HERE / "metadata.yaml").read_text(encoding="utf-8")}
    for folder in ASSETS:
        for path in sorted((HERE / folder).rglob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            contents[path.relative_to(HERE).as_posix()] = text.replace(PLACEHOLDER, str(published))
    return contents


def serve(port: int) -> None:
    """Become the web server: one process, since Superset's metadata is one SQLite file; threads for its requests."""
    program = str(Path(sys.executable).with_name("gunicorn"))
    arguments = ["--workers", "1", "--threads", "8", "--timeout", "300", "--bind", f"127.0.0.1:{port}"]
    os.execv(program, [program, *arguments, "--log-level", "warning", "superset.app:create_app()"])  # noqa: S606


def say(text: str) -> None:
    """Print for the person who started this."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()

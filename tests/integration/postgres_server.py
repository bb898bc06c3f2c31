"""A real Postgres server for tests: in a folder of its own, on a free port of the loopback interface."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "s3cret/p@ss"
QUOTED_PASSWORD = "s3cret%2Fp%40ss"
UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Server:
    """A running server with an owner of the database `warehouse` who is no superuser.

    Args:
        port: where it listens on 127.0.0.1.
    """

    port: int

    def url(self, user: str = "pipeline", database: str = "warehouse", password: str = QUOTED_PASSWORD) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"


def binaries() -> Path | None:
    """The folder of the server's programs, or None when none is installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


@contextmanager
def running_server(programs: Path) -> Iterator[Server]:
    """Start a server and stop it at the end; as root it runs as somebody else, which it insists on."""
    user = _somebody_else() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="lifecycle-postgres-"))
    who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o644)
    port = _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    data = ["-D", folder / "data"]

    def call(program: str, *arguments: object) -> None:
        subprocess.run(
            [programs / program, *map(str, arguments)], check=True, cwd=folder, stdout=subprocess.DEVNULL, **who
        )

    try:
        call("initdb", *data, "-U", "admin", "-A", "scram-sha-256", "--pwfile", secret, "-E", "UTF8", "--no-sync")
        call("pg_ctl", "start", "-w", "-t", "300", *data, "-l", folder / "log", "-o", options)
        try:
            _create_owner(Server(port))
            yield Server(port)
        finally:
            call("pg_ctl", "stop", "-m", "immediate", *data)
    finally:
        shutil.rmtree(folder)


def _create_owner(server: Server) -> None:
    import psycopg

    with psycopg.connect(server.url("admin", "postgres"), autocommit=True) as admin:
        admin.execute(f"create role pipeline login createrole password '{PASSWORD}'")
        admin.execute(f"create role stranger login password '{PASSWORD}'")
        admin.execute("create database warehouse owner pipeline")


def _somebody_else() -> pwd.struct_passwd:
    for name in UNPRIVILEGED:
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise RuntimeError(f"no user to run Postgres as: none of {', '.join(UNPRIVILEGED)} exists")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]

"""Commands a service manager starts: the daemon, the webserver and the documents, each as a process of its own.

On a desk `lifecycle ui` starts them; how services are set up stands in docs/production.md.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from ingestion.settings import PROJECT_ROOT, load_settings

app = typer.Typer(no_args_is_help=True, help="Run the daemon, the webserver or the documents as a service.")

DEFINITIONS = ("--module-name", "orchestration.definitions")
LOOPBACK = "127.0.0.1"


@app.command("daemon")
def daemon() -> None:
    """Start schedules and sensors and run the pipeline; ends with Ctrl-C or a signal."""
    _become("dagster-daemon", "run", *DEFINITIONS)


@app.command("webserver")
def webserver(
    port: Annotated[int, typer.Option(min=1, max=65_535, help=f"Port on {LOOPBACK}.")] = 3000,
    path_prefix: Annotated[str, typer.Option(help="Path below which a proxy shows the UI, for example /dagster.")] = "",
    writable: Annotated[bool, typer.Option("--writable", help="Let users of the UI start and stop runs.")] = False,
) -> None:
    """Show the UI on 127.0.0.1, read-only; put a proxy with a login in front of it."""
    options = ["--host", LOOPBACK, "--port", str(port)]
    options += ["--path-prefix", path_prefix] if path_prefix else []
    options += [] if writable else ["--read-only"]
    _become("dagster-webserver", *options, *DEFINITIONS)


@app.command("documents")
def documents(port: Annotated[int, typer.Option(min=1, max=65_535, help=f"Port on {LOOPBACK}.")] = 3080) -> None:
    """Show reports and check results on 127.0.0.1; put a proxy with a login in front of them."""
    from orchestration.documents import serve_documents

    serve_documents(load_settings().docs, port)


def _become(program: str, *arguments: str) -> None:
    from orchestration.instance import make_instance

    make_instance(load_settings())
    os.chdir(PROJECT_ROOT)
    path = str(Path(sys.executable).with_name(program))
    os.execv(path, [path, *arguments])  # noqa: S606

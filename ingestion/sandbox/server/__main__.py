"""Serves the sample company from the command line: `python -m ingestion.sandbox.server --inbox DIR`.

Prints the settings that point the connectors at it and serves until it is interrupted.
"""

from __future__ import annotations

import argparse
import sys
from datetime import datetime
from pathlib import Path
from threading import Event

from ingestion.sandbox.server.account import ACCOUNTS, KEY, company_sandbox
from ingestion.sandbox.server.web import serving

# How vendors call what others call a token.
SECRETS = {"brevo": "KEY", "klaviyo": "KEY", "mailchimp": "KEY", "salesforce": "CLIENT_SECRET", "stripe": "KEY"}


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(
        prog="python -m ingestion.sandbox.server", description="Serve the sample company in the vendors' protocols."
    )
    parser.add_argument("--inbox", type=Path, required=True, help="folder with the sample company's files")
    parser.add_argument("--now", type=datetime.fromisoformat, required=True, help="the vendors' time, with an offset")
    parser.add_argument("--port", type=int, default=8900, help="port on 127.0.0.1 (default 8900)")
    arguments = parser.parse_args()
    if arguments.now.tzinfo is None:
        parser.error("--now needs an offset, for example 2026-07-01T00:00:00+02:00")
    with serving(company_sandbox(arguments.inbox, arguments.now), arguments.port) as sandbox:
        for vendor in sandbox.protocols:
            secret = SECRETS.get(vendor, "TOKEN")
            sys.stdout.write(f"LIFECYCLE_{vendor.upper()}_BASE_URL={sandbox.base_url(vendor)}\n")
            sys.stdout.write(f"LIFECYCLE_{vendor.upper()}_{secret}={KEY}\n")
            for setting, value in ACCOUNTS.get(vendor, {}).items():
                sys.stdout.write(f"LIFECYCLE_{setting.upper()}={value}\n")
        sys.stdout.flush()
        Event().wait()


if __name__ == "__main__":
    main()

"""The files of a new connector: what every connector has, with the facts of the vendor left to fill in.

Written once by `lifecycle sources new`; afterwards the files belong to whoever fills them in. Here are the connector's
own files; those it is tried and mapped with are in `scaffold_trial.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ingestion.errors import ExitCode
from ingestion.settings import PROJECT_ROOT
from ingestion.sources.errors import SourceError
from ingestion.sources.scaffold_trial import TRIAL_FILES

_NAME = re.compile(r"[a-z][a-z0-9_]*")


class ScaffoldError(SourceError):
    """A connector that cannot be begun: a name that is none, or one that is taken."""

    exit_code = ExitCode.USAGE


@dataclass(frozen=True, slots=True)
class Scaffold:
    """A connector that was begun.

    Args:
        written: its files.
        missing: lines nobody can write for the person, by the file they belong into.
    """

    written: tuple[Path, ...]
    missing: dict[str, str]


def write_connector(vendor: str, root: Path = PROJECT_ROOT) -> Scaffold:
    """Write the files of a connector that reads one resource page by page, with what it is tried and mapped with.

    Args:
        vendor: name in snake_case.
        root: the repository.

    Raises:
        ScaffoldError: when the name is not snake_case or one of the files exists; nothing was written then.
    """
    if not _NAME.fullmatch(vendor):
        raise ScaffoldError(f"{vendor!r} is not a name in snake_case; write for example my_shop.")
    texts = {root / _filled(path, vendor): _filled(text, vendor) for path, text in (_FILES | TRIAL_FILES).items()}
    for path in texts:
        if path.exists():
            raise ScaffoldError(f"{path} exists; choose another name or go on with the files there.")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Scaffold(tuple(texts), {path: _filled(text, vendor) for path, text in _MISSING.items()})


def _filled(text: str, vendor: str) -> str:
    title = vendor.replace("_", " ").title()
    return text.replace("VENDOR_UPPER", vendor.upper()).replace("VENDOR_TITLE", title).replace("VENDOR", vendor)


_INIT = '''\
"""VENDOR_TITLE. See README.md."""

from ingestion.sources.VENDOR.source import VENDOR_UPPER

__all__ = ["VENDOR_UPPER"]
'''

_SETTINGS = '''\
"""VENDOR_TITLE's constants: version, hosts, limits, credentials, and the raw tables with their fields.

How they are read is `source.py`; how an answer becomes a record, `records.py`.
"""

from __future__ import annotations

from ingestion.contract.model import Pii
from ingestion.sources.model import Credential, Field, Kind, RawTable

NAME = "VENDOR"
TITLE = "VENDOR_TITLE"
DOMAIN = "crm"
API_VERSION = "v1"
HOSTS = ("api.VENDOR.example",)
REQUESTS_PER_SECOND = 2.0
PAGE_SIZE = 100
CREDENTIALS = (Credential("VENDOR_token", "Access token that may read contacts."),)

CONTACTS = RawTable(
    "contacts",
    "One row per version of a contact in VENDOR_TITLE.",
    ("id",),
    (
        Field("id", Kind.TEXT, "Identifier of the contact.", required=True),
        Field("email", Kind.TEXT, "E-mail address.", pii=Pii.DIRECT),
        Field("first_name", Kind.TEXT, "Given name.", pii=Pii.DIRECT),
        Field("created_at", Kind.TIME_TEXT, "When the contact was created.", required=True),
        Field("updated_at", Kind.TIME_TEXT, "When the contact was last changed.", required=True),
    ),
)
'''

_RECORDS = '''\
"""Pure helpers: what VENDOR_TITLE answers, as the records we keep. No requests, no state."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def next_token(answer: Mapping[str, Any]) -> str | None:
    """The token of the next page, None on the last one."""
    return answer.get("next")
'''

_SOURCE = '''\
"""VENDOR_TITLE's resources. Key of every resource: `id`; versions are appended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingestion.sources.model import Connector, Cursor, Page, Resource, Window
from ingestion.sources.paging import token_pages
from ingestion.sources.VENDOR import settings as VENDOR
from ingestion.sources.VENDOR.records import next_token

if TYPE_CHECKING:
    from ingestion.settings import Settings
    from ingestion.sources.client import Client


def _read_contacts(client: Client, window: Window) -> Iterator[Page]:
    asked: dict[str, Any] = {"limit": VENDOR.PAGE_SIZE}
    if window.since:
        asked["updated_since"] = window.since.isoformat()
    if window.until:
        asked["updated_before"] = window.until.isoformat()

    def fetch(token: str | None) -> tuple[Page, str | None]:
        body = client.get("/contacts", {**asked, **({"after": token} if token else {})}).body
        return body["contacts"], next_token(body)

    yield from token_pages(fetch)


def _headers(settings: Settings) -> dict[str, str]:
    token = settings.VENDOR_token
    return {"Authorization": f"Bearer {token.get_secret_value()}"} if token else {}


VENDOR_UPPER = Connector(
    name=VENDOR.NAME,
    title=VENDOR.TITLE,
    domain=VENDOR.DOMAIN,
    api_version=VENDOR.API_VERSION,
    hosts=VENDOR.HOSTS,
    requests_per_second=VENDOR.REQUESTS_PER_SECOND,
    credentials=VENDOR.CREDENTIALS,
    headers=_headers,
    resources=(Resource(VENDOR.CONTACTS, _read_contacts, Cursor("/updated_at")),),
)
'''

_README = """\
# VENDOR_TITLE

| | |
|---|---|
| API | version, with the address of its documentation |
| Credentials | `LIFECYCLE_VENDOR_UPPER_TOKEN`: which rights it needs |
| Reads | table by table: endpoint, paging, cursor |
| Deletes and merges | how the vendor tells of them |
| Limits | requests per second, what is not delivered |
| Tested against | nothing yet |
"""

_FILES = {
    "ingestion/sources/VENDOR/__init__.py": _INIT,
    "ingestion/sources/VENDOR/settings.py": _SETTINGS,
    "ingestion/sources/VENDOR/records.py": _RECORDS,
    "ingestion/sources/VENDOR/source.py": _SOURCE,
    "ingestion/sources/VENDOR/README.md": _README,
}

# Lines in files that all connectors share. They take the connector into every run, so they come when it is ready.
_MISSING = {
    "ingestion/source_settings.py": "VENDOR_base_url: str and VENDOR_token: SecretStr | None, and both in .env.example",
    "ingestion/sources/registry.py": "from ingestion.sources.VENDOR import VENDOR_UPPER, and its place in CONNECTORS",
    "tests/connectors/benches.py": "from tests.connectors.VENDOR_bench import VENDOR_UPPER, and its place in BENCHES",
    "ingestion/sandbox/server/account.py": '"VENDOR": VendorProtocol of VENDOR.py in PROTOCOLS',
    "dbt_project.yml": "- VENDOR below `connectors`; then `make docs` writes the sources of its raw tables",
    "dbt_project/macros/conformed/staged.sql": "'VENDOR' in the list of crm_contacts",
}

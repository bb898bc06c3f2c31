"""The project as it was read for a data directory, taken over instead of read again.

dbt itself would read it again wherever a path in its profile is new, say in a copied data directory.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest


def read_project(target: Path) -> Manifest | None:
    """The project as it lies in a folder of dbt's; None when there is none or this dbt cannot take it over."""
    from dbt.contracts.graph.manifest import Manifest
    from dbt.parser.manifest import extended_mashumuro_decoder
    from dbt.version import __version__

    parsed = target / "partial_parse.msgpack"
    if not parsed.exists():
        return None
    manifest = Manifest.from_msgpack(parsed.read_bytes(), decoder=extended_mashumuro_decoder)
    return manifest if manifest.metadata.dbt_version == __version__ else None

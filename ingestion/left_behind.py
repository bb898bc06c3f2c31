"""Folders a process makes for itself and a killed one leaves: named by the process, removed when it is gone."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path


def remove_folders_of_the_dead(parent: Path, *prefixes: str) -> None:
    """Remove the folders `<prefix><process id>…` of processes that do not exist any more."""
    for prefix in prefixes:
        for folder in parent.glob(f"{prefix}[0-9]*"):
            found = re.match(r"\d+", folder.name.removeprefix(prefix))
            if found and not _exists(int(found.group())):
                shutil.rmtree(folder, ignore_errors=True)  # another command may be removing it just then


def _exists(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)  # asks whether it is still at work
    except ProcessLookupError:
        return False
    except PermissionError:  # somebody else's
        return True
    return True

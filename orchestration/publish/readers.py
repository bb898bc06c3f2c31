"""Who on this machine may read what is published: its owner, and a group when the settings name one.

Only the serving folder is opened. The data directory around it stays private, so that nobody passes through it to the
warehouse: readers get the serving folder by a bind mount (docs/production.md).
"""

from __future__ import annotations

import grp
import shutil
import stat
from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from orchestration.publish.pointer import GENERATIONS

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.settings import Settings

FOLDER_MODE, FILE_MODE = 0o750, 0o640


class ReadersGroupError(LifecycleError):
    """What is published cannot be given to the readers' group; the message says what to do."""


def open_folders(settings: Settings) -> None:
    """Let the readers' group pass the folders generations lie in, and read those written before it was set.

    Raises:
        ReadersGroupError: when there is no such group or the user of the pipeline is no member of it.
    """
    if not settings.serving_group:
        return
    generations = settings.serving / GENERATIONS
    for folder in (settings.serving, generations):
        _give(settings, settings.serving_group, folder)
    for folder in generations.iterdir():
        if folder.is_dir() and not folder.name.startswith("."):
            open_generation(settings, folder)


def open_generation(settings: Settings, folder: Path) -> None:
    """Let the readers' group read a generation; without a group it stays as it is.

    Raises:
        ReadersGroupError: when there is no such group or the user of the pipeline is no member of it.
    """
    if settings.serving_group:
        for path in (folder, *folder.rglob("*")):
            _give(settings, settings.serving_group, path)


def _give(settings: Settings, group: str, path: Path) -> None:
    """Nothing is touched that is as it should be: the change time of a generation's folder says when it was served."""
    mode, present = FOLDER_MODE if path.is_dir() else FILE_MODE, path.stat()
    try:
        if present.st_gid != grp.getgrnam(group).gr_gid:
            shutil.chown(path, group=group)
        if stat.S_IMODE(present.st_mode) != mode:
            path.chmod(mode)
    except LookupError:
        raise ReadersGroupError(
            f"LIFECYCLE_SERVING_GROUP: this machine has no group {group}. Make it (`groupadd`), or name another."
        ) from None
    except PermissionError as error:
        raise ReadersGroupError(
            f"LIFECYCLE_SERVING_GROUP: {path.relative_to(settings.data_dir)} cannot be given to the group {group}. The "
            "user that runs the pipeline has to own it and be a member of the group (`usermod --append --groups`)."
        ) from error

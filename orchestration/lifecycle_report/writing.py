"""Writes the report: on demand to any file, and at each publication to the documents' folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestion.errors import LifecycleError
from orchestration.lifecycle_report.content import PANELS
from orchestration.lifecycle_report.model import Language
from orchestration.lifecycle_report.page import render
from orchestration.lifecycle_report.reading import read_answers
from orchestration.publish.damage import DamagedGenerationError

if TYPE_CHECKING:
    from pathlib import Path

    from ingestion.settings import Settings

IS_PUBLISHED = "The marts are published and readers see them."


class ReportNotWrittenError(LifecycleError):
    """Readers see the published data; only its report could not be written. The message says both."""


def report_path(settings: Settings, language: Language) -> Path:
    """Where the report of the published generation lies."""
    name = "report.html" if language is Language.EN else f"report.{language.value}.html"
    return settings.docs / name


def write_report(settings: Settings, language: Language, path: Path) -> Path:
    """Write the report of the generation readers see.

    Args:
        settings: where the serving folder is.
        language: of the labels.
        path: the file; its folder is made where it does not exist, an earlier file is replaced as a whole.

    Returns:
        The file.

    Raises:
        NothingPublishedError: when there is nothing to report on yet.
    """
    page = render(read_answers(settings, PANELS, language), language)
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.new")
    try:
        new.write_text(page, encoding="utf-8")
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return path


def write_published_reports(settings: Settings) -> dict[Language, Path]:
    """Write the report of the generation readers see in every language, after a publication or a rollback.

    Raises:
        ReportNotWrittenError: when that fails; what is published stays published.
    """
    import duckdb

    try:
        return {language: write_report(settings, language, report_path(settings, language)) for language in Language}
    except (OSError, duckdb.Error, DamagedGenerationError) as error:
        raise ReportNotWrittenError(
            f"{IS_PUBLISHED} Only their report could not be written ({type(error).__name__}). Check the disk, "
            "then run `lifecycle report`."
        ) from error

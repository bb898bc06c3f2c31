"""Why a run failed, in plain words, read from its events: for the terminal, the run report and alerts.

Messages of the project's own errors and of the gates hold no delivered value and may leave the machine. What a library
said may hold one: it is for the terminal, and only its kind and place go further.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import ingestion
import orchestration
import quality
from ingestion.errors import LifecycleError
from orchestration.remedies import remedy_of

if TYPE_CHECKING:
    import dagster as dg
    from dagster._utils.error import SerializableErrorInfo

_CLASS_PREFIX = re.compile(r"^[\w.]+(Error|Exception|Failure): ")
_DBT_NODE = re.compile(r"\bin (?:model|test|seed) (\w+)")


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that went wrong.

    Args:
        place: step or check.
        message: what was said, with a remedy where one is known; may hold delivered values when a library said it.
        tellable: the part of it that may leave the machine.
    """

    place: str
    message: str
    tellable: str


def causes_of(events: Iterable[dg.DagsterEvent]) -> list[Cause]:
    """What went wrong in a run: checks that did not pass, then steps that failed for another reason."""
    kept = list(events)
    found = [
        _told_by_check(event.event_specific_data)
        for event in kept
        if event.event_type_value == "ASSET_CHECK_EVALUATION" and _is_refusal(event.event_specific_data)
    ]
    for event in kept:
        if event.is_step_failure:
            error = told_error(event.step_failure_data.error)
            if not (found and "blocking" in str(error.message)):
                found.append(_told_by_step(str(event.step_key), error))
    return found


def told_error(error: SerializableErrorInfo) -> SerializableErrorInfo:
    """The first error that is not Dagster's own wrapping: what lies below it says less to people."""
    while error.cause is not None and str(error.cls_name).startswith("Dagster"):
        error = error.cause
    return error


def could_not_run(metadata: Mapping[str, dg.MetadataValue]) -> bool:
    """Whether dbt could not even run the test that a check with this metadata stands for; its step says why."""
    status = metadata.get("status")
    return status is not None and status.value == "error"


def _is_refusal(evaluation: dg.AssetCheckEvaluation) -> bool:
    """Whether data was found wrong, of which a test that was not run says nothing."""
    has_failed = not evaluation.passed and evaluation.severity.value == "ERROR"
    return has_failed and not could_not_run(evaluation.metadata)


def _told_by_check(evaluation: dg.AssetCheckEvaluation) -> Cause:
    place = f"check {evaluation.asset_key.to_user_string()}: {evaluation.check_name}"
    message = evaluation.description or "failed"
    return Cause(place, message, message)


def _told_by_step(step: str, error: SerializableErrorInfo) -> Cause:
    said = _CLASS_PREFIX.sub("", str(error.message).strip())
    remedy = remedy_of(said)
    whole = f"{remedy} ({said})" if remedy else said
    if str(error.cls_name) in own_error_names():
        return Cause(step, whole, said)
    nodes = sorted(set(_DBT_NODE.findall(said)))
    where = f" in {', '.join(nodes)}" if nodes else ""
    return Cause(step, whole, remedy or f"{error.cls_name}{where}; what was said stands in the log of the run")


@cache
def own_error_names() -> frozenset[str]:
    """Names of the error classes whose messages hold no delivered value: the project's own, and the gates' failure."""
    for package in (ingestion, quality, orchestration):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)
    return frozenset({"Failure", *(kind.__name__ for kind in _below(LifecycleError))})


def _below(kind: type[LifecycleError]) -> Iterable[type[LifecycleError]]:
    yield kind
    for child in kind.__subclasses__():
        yield from _below(child)

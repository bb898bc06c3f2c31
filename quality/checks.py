"""The vocabulary of the quality gates: a check, how severe it is, and how its evaluation can end.

Only the words live here. The sentences (which table must satisfy what) are in `suites/`; evaluating them is the
business of `gates.py`. This module is light on purpose: the orchestration reads it at import time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

CheckKey = tuple[str, str]


class Gate(StrEnum):
    """A border of the pipeline that data passes only when its checks hold."""

    RAW = "g1_raw"
    PROFILE = "g2_profile"
    MARTS = "g3_marts"


class Severity(StrEnum):
    """What a check that does not pass means: `error` stops the publication, `warn` is reported."""

    ERROR = "error"
    WARN = "warn"


class Outcome(StrEnum):
    """How the evaluation of a check ended. Only `pass` is a pass.

    `fail`: the data breaks the check. `error`: the check could not be calculated (missing table or column, exception).
    `not_evaluated`: there was nothing to calculate it from, or nobody declared it.
    """

    PASS = "pass"  # noqa: S105 (the word for a good verdict, no credential)
    FAIL = "fail"
    ERROR = "error"
    NOT_EVALUATED = "not_evaluated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One statement about one table that the gate verifies.

    Args:
        name: slug, unique among the checks of its gate and table.
        table: `schema.table` the statement is about.
        expectation: name of the Great Expectations class that judges it.
        arguments: arguments of the expectation, without the column of a figure.
        purpose: what is true when the check passes, in one sentence.
        figure: SQL that calculates one number, for statements over several tables; the expectation then judges that
            number instead of the table's columns. `:as_of` stands for the date of the run.
        reads: further tables the statement depends on; a verdict holds only for exactly their content, too.
        severity: whether it stops the publication.
        owner: who repairs it.
        remedy: what to do when it does not pass.
        is_personal: whether observed values could be personal data; they are then never stored.
    """

    name: str
    table: str
    expectation: str
    purpose: str
    remedy: str
    arguments: Mapping[str, object] = field(default_factory=dict, hash=False)
    figure: str | None = None
    reads: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    owner: str = "data engineering"
    is_personal: bool = False

    @property
    def key(self) -> CheckKey:
        """Table and name: what identifies the check within its gate."""
        return self.table, self.name

    @property
    def tables(self) -> tuple[str, ...]:
        """All tables whose content decides the verdict, each once, its own table first."""
        return tuple(dict.fromkeys((self.table, *self.reads)))

    @property
    def is_required(self) -> bool:
        """Whether a publication needs a stored pass of this check."""
        return self.severity is Severity.ERROR

    @property
    def definition(self) -> str:
        """Fingerprint of what is asked: a verdict on an older wording or threshold is no verdict on this one."""
        asked = [self.expectation, self.arguments, self.figure, self.tables, self.severity]
        return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evaluation of one check found.

    Args:
        outcome: how it ended.
        observed: the figure that was judged, or the share of rows that break the check; never a row's value.
        unexpected_count: rows that break the check, where it counts rows.
        message: why it did not pass, without personal data; empty for a pass.
    """

    outcome: Outcome
    observed: str | None = None
    unexpected_count: int | None = None
    message: str = ""

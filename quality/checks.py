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
    """A border of the pipeline that data passes only when its checks hold, in the order data passes them."""

    RAW = "g1_raw"
    CONFORMED = "g1b_conformed"
    PROFILE = "g2_profile"
    POPULATION = "g2b_population"
    MARTS = "g3_marts"


class Severity(StrEnum):
    """What a check that does not pass means: `error` stops the publication, `warn` is reported."""

    ERROR = "error"
    WARN = "warn"


class Outcome(StrEnum):
    """How the evaluation of a check ended. Only `pass` is a pass.

    `fail`: the data breaks the check. `error`: the check could not be calculated (missing table or column, exception).
    `not_evaluated`: there was nothing to calculate it from, too little history to compare with, or nobody declared it.
    """

    PASS = "pass"  # noqa: S105 (the word for a good verdict, no credential)
    FAIL = "fail"
    ERROR = "error"
    NOT_EVALUATED = "not_evaluated"


class Unit(StrEnum):
    """What one measurement of a check with a band is about: a whole run, or what one load delivered."""

    RUN = "run"
    LOAD = "load"


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """How far a figure may lie from what was measured before: around the median, in robust standard deviations.

    Args:
        minimum_history: fewer earlier measurements are too little history, and the check is not evaluated.
        spreads: allowed distance from the median, in standard deviations estimated by the median absolute deviation.
        floor: a distance that is always allowed, however little the figure moved before.
        share: the same, as a share of the median.
        factor: the same, as a multiple of the median upwards and a fraction of it downwards.
        at_least: the lower bound itself, where history only says whether there is enough to compare with.
        sampling_errors: for shares: the distance that is allowed beyond all others, in standard errors of a sample as
            large as the present one.
        minimum_level: a median below it is too little to compare with.
        full_history: fewer measurements can be compared with only if none of them lies below `early_level`.
        early_level: see `full_history`.
        is_lower: whether there is a lower bound.
        is_upper: whether there is an upper bound.
        is_by_weekday: whether only measurements of the same weekday count; what a person accepted counts for all.
        is_share: whether the figures are shares of one whole, of which a category that is missing has none.
        unit: what one measurement is about.
        window_days: measurements of an older `as_of` do not count.
    """

    minimum_history: int = 1
    spreads: float = 5.0
    floor: float = 0.0
    share: float = 0.0
    factor: float = 1.0
    at_least: float | None = None
    sampling_errors: float = 0.0
    minimum_level: float = 0.0
    full_history: int = 0
    early_level: float = 0.0
    is_lower: bool = True
    is_upper: bool = True
    is_by_weekday: bool = False
    is_share: bool = False
    unit: Unit = Unit.RUN
    window_days: int = 92


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
        measures: SQL that calculates numbers to be remembered, with the columns `category`, `batch` (the load they are
            about; null for the run), `value`, `sample_size` and `is_judged`. The number that lies farthest outside is
            judged, by `band` or by the arguments of the expectation. No rows: there is nothing new to judge.
        band: how far the measured numbers may lie from those of earlier runs or loads.
        reads: further tables the statement depends on; a verdict holds only for exactly their content, too.
        severity: whether it stops the publication.
        owner: who repairs it.
        remedy: what to do when it does not pass.
        is_personal: whether observed values could be personal data; they are then never stored.
        is_about_rows: whether an empty table leaves nothing to judge, so that it need not be asked.
    """

    name: str
    table: str
    expectation: str
    purpose: str
    remedy: str
    arguments: Mapping[str, object] = field(default_factory=dict, hash=False)
    figure: str | None = None
    measures: str | None = None
    band: Band | None = None
    reads: tuple[str, ...] = ()
    severity: Severity = Severity.ERROR
    owner: str = "data engineering"
    is_personal: bool = False
    is_about_rows: bool = False

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
        asked = [self.expectation, self.arguments, self.figure, self.measures, self.band, self.tables, self.severity]
        return hashlib.sha256(json.dumps(asked, sort_keys=True, default=str).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the evaluation of one check found.

    Args:
        outcome: how it ended.
        observed: the figure that was judged, or the share of rows that break the check; never a row's value.
        unexpected_count: rows that break the check, where it counts rows.
        message: why it did not pass, without personal data; empty for a pass.
        threshold: what had to be observed, where that follows from history.
        is_excused: whether a verdict that is no pass stops nothing: there was no history to judge by, or nothing new.
        batch: the load whose figure was judged, where it is about one.
    """

    outcome: Outcome
    observed: str | None = None
    unexpected_count: int | None = None
    message: str = ""
    threshold: str | None = None
    is_excused: bool = False
    batch: str | None = None

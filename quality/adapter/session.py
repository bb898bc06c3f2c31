"""Running expectations on tables and on figures of one open connection.

One session makes one ephemeral Great Expectations context and one data source for all tables of a gate; expectations
of one table are validated together, so that Great Expectations bundles their metrics into few scans.
"""

from __future__ import annotations

import importlib
import logging
import threading
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from quality.adapter.outcomes import error_judgement, judgement_of
from quality.checks import Check, CheckKey, Judgement, Outcome

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from great_expectations.datasource.fluent import SQLDatasource
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.datasource.fluent.sql_datasource import QueryAsset, TableAsset

# Counts only: no list of unexpected values is ever asked for, so none can reach a result, a log or a page.
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}


_Pair = tuple[Check, dict[str, Any]]


def import_ahead() -> threading.Thread:
    """Begin to import Great Expectations beside other work; whoever needs it then waits for what is missing.

    Returns:
        The thread that imports. An import that fails is tried again, and fails loudly, where it is needed.
    """
    thread = threading.Thread(target=_import, name="import great_expectations")
    thread.start()
    return thread


def _import() -> None:
    with suppress(Exception):
        importlib.import_module("great_expectations.expectations")


class ExpectationSession:
    """Judges checks on the tables of one connection. Made by `expectation_session`."""

    def __init__(self, source: SQLDatasource) -> None:
        self._source = source
        self._batch_count = 0

    def judge_table(self, table: str, checks: Sequence[Check]) -> dict[CheckKey, Judgement]:
        """Judge checks on the columns of one table.

        Args:
            table: `schema.table`; it must exist.
            checks: checks without a figure.

        Returns:
            The judgement of each check.
        """
        schema, name = table.split(".")
        pairs = [(check, dict(check.arguments)) for check in checks]
        try:
            return self._judge_apart_when_broken(self._table_batch(schema, name), pairs)
        except Exception as error:  # noqa: BLE001 (whatever happens inside a check is the verdict "error")
            return {check.key: error_judgement(error) for check in checks}

    def judge_figures(
        self, figures: Mapping[CheckKey, float | None], checks: Sequence[Check]
    ) -> dict[CheckKey, Judgement]:
        """Judge calculated numbers.

        Args:
            figures: the number of each check; None when there was nothing to calculate it from.
            checks: the checks that judge them.

        Returns:
            The judgement of each check.
        """
        known = [check for check in checks if figures[check.key] is not None]
        nothing = Judgement(Outcome.NOT_EVALUATED, message="there is no data to calculate it from")
        judged = {check.key: nothing for check in checks}
        if not known:
            return judged
        # Quoted, because nan and inf are numbers only as text.
        literals = [f"'{figures[check.key]!r}'::double as figure_{number}" for number, check in enumerate(known)]
        asset = self._source.add_query_asset(self._next_name(), query=f"select {', '.join(literals)}")
        pairs = [(check, {**check.arguments, "column": f"figure_{number}"}) for number, check in enumerate(known)]
        return judged | self._judge(_whole(asset), pairs)

    def _table_batch(self, schema: str, name: str) -> Batch:
        with warnings.catch_warnings():
            # Deprecated in favour of a schema of the data source, which a plain SQL data source does not have.
            warnings.filterwarnings("ignore", "`schema_name` is deprecated", DeprecationWarning)
            return _whole(self._source.add_table_asset(self._next_name(), table_name=name, schema_name=schema))

    def _judge_apart_when_broken(self, batch: Batch, pairs: Sequence[_Pair]) -> dict[CheckKey, Judgement]:
        """Judge together; then again one by one what came out as an error, since one bad query spoils its bundle."""
        judged = self._judge(batch, pairs)
        broken = [pair for pair in pairs if judged[pair[0].key].outcome is Outcome.ERROR]
        if len(pairs) > 1:
            for pair in broken:
                judged |= self._judge(batch, [pair])
        return judged

    def _judge(self, batch: Batch, pairs: Sequence[_Pair]) -> dict[CheckKey, Judgement]:
        import great_expectations as gx
        import great_expectations.expectations as catalogue

        expectations = [
            getattr(catalogue, check.expectation)(**arguments, meta={"number": number})
            for number, (check, arguments) in enumerate(pairs)
        ]
        suite = gx.ExpectationSuite(name=self._next_name(), expectations=expectations)
        results = batch.validate(suite, result_format=RESULT_FORMAT).results
        by_number = {result.expectation_config.meta["number"]: result for result in results}
        return {check.key: judgement_of(check, by_number[number]) for number, (check, _) in enumerate(pairs)}

    def _next_name(self) -> str:
        self._batch_count += 1
        return f"batch_{self._batch_count}"


def _whole(asset: TableAsset | QueryAsset) -> Batch:
    return asset.add_batch_definition_whole_table("whole").get_batch()


@contextmanager
def expectation_session(connection: DuckDBPyConnection) -> Iterator[ExpectationSession]:
    """Open Great Expectations on an open connection.

    Importing it costs some seconds; nothing of it is kept on disk and nothing is sent anywhere.

    Args:
        connection: an open connection to the warehouse, read-only where possible.

    Yields:
        A session that is usable until the end of the block.
    """
    import great_expectations as gx
    from great_expectations.data_context.types.base import ProgressBarsConfig

    from quality.adapter.dialect import lend

    with lend(connection) as url, _silent_logging():
        context = gx.get_context(mode="ephemeral")
        context.enable_analytics(False)
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        source = context.data_sources.add_sql("warehouse", connection_string=url, create_temp_table=False)
        yield ExpectationSession(source)


@contextmanager
def _silent_logging() -> Iterator[None]:
    """Keep Great Expectations from logging statements and values; what went wrong is in the judgements."""
    logger = logging.getLogger("great_expectations")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)

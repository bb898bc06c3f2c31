"""Rewrites `union by name` as the union by position the reader of lineage knows: same columns, same order, both sides.

It would take the third column of one side for the third of the other, or find none there. What a side's columns are is
known only once the stars in it are spelled out, and the stars of a later step may stand for such a union: so the
unions are rewritten one by one, the innermost first.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp
from sqlglot.optimizer.scope import traverse_scope

_NUMBER = "union_by_name"
SpellOut = Callable[[exp.Expr], exp.Expr]


def with_unions_by_position(query: exp.Expr, spell_out: SpellOut) -> exp.Expr:
    """The query without unions by name.

    Args:
        query: the query as it was parsed; it is changed.
        spell_out: gives a copy of a query with every star replaced by the columns it stands for.
    """
    waiting = {str(number): union for number, union in enumerate(_unions_by_name(query))}
    for number, union in waiting.items():
        union.meta[_NUMBER] = number
    while waiting:
        # Scopes come in the order of what reads what: of the first one both sides are known.
        spelled = next(scope.expression for scope in traverse_scope(spell_out(query)) if _is_by_name(scope.expression))
        _by_position(waiting.pop(spelled.meta[_NUMBER]), spelled.left.named_selects, spelled.right.named_selects)
    return query


def _unions_by_name(query: exp.Expr) -> list[exp.SetOperation]:
    return [union for union in query.find_all(exp.SetOperation) if _is_by_name(union)]


def _is_by_name(expression: exp.Expr) -> bool:
    return isinstance(expression, exp.SetOperation) and bool(expression.args.get("by_name"))


def _by_position(union: exp.SetOperation, left: list[str], right: list[str]) -> None:
    columns = [*left, *(name for name in right if name not in left)]
    union.set("by_name", False)
    for side, names in (("this", left), ("expression", right)):
        rows = union.args[side].unnest()
        chosen = [exp.column(name, quoted=True) if name in names else exp.alias_(exp.null(), name) for name in columns]
        union.set(side, exp.select(*chosen).from_(rows.subquery("one_side", copy=False)))

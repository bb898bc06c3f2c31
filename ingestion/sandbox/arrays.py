"""From numpy arrays to Arrow columns in contract types: texts, codes, money, instants and whole tables.

Pure conversions; nothing here knows the company or draws a random number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.contract import Entity, ValueType
from ingestion.sandbox.timeline import NEVER

LONG_LIST = 500
_ARROW_TYPES = {
    ValueType.TEXT: pa.string(),
    ValueType.TIMESTAMP: pa.timestamp("us", tz="UTC"),
    ValueType.DATE: pa.date32(),
    ValueType.AMOUNT: pa.decimal128(18, 2),
    ValueType.NUMBER: pa.float64(),
    ValueType.INTEGER: pa.int64(),
    ValueType.BOOLEAN: pa.bool_(),
    ValueType.CURRENCY: pa.string(),
    ValueType.JSON: pa.string(),
}


def texts(values: Sequence[str] | pa.Array, index: np.ndarray) -> pa.Array:
    """The value at each index; null where the index is negative."""
    array = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    return array.take(pa.array(index, pa.int64(), mask=np.asarray(index) < 0))


def labels(values: Sequence[str] | pa.Array, index: np.ndarray) -> pa.Array | pa.DictionaryArray:
    """Like `texts`, but short lists of values stay dictionary encoded: small and fast for the big tables."""
    array = values if isinstance(values, pa.Array) else pa.array(values, pa.string())
    if len(array) > LONG_LIST:
        return texts(array, index)
    # A dictionary in which a value stands twice is written to Parquet with different bytes each time.
    unique = array.dictionary_encode()
    place = unique.indices.to_numpy()[index]
    return pa.DictionaryArray.from_arrays(pa.array(place, pa.int32(), mask=np.asarray(index) < 0), unique.dictionary)


def codes(prefix: str, numbers: np.ndarray, width: int = 8) -> pa.Array:
    """Identifiers such as `C00000042`; null where the number is negative."""
    digits = pc.cast(pa.array(numbers, pa.int64(), mask=np.asarray(numbers) < 0), pa.string())
    return pc.binary_join_element_wise(prefix, pc.utf8_lpad(digits, width, "0"), "")


def joined(*parts: pa.Array | str) -> pa.Array:
    """Texts put together element by element; null where a part is null."""
    return pc.binary_join_element_wise(*parts, "")


def instants(seconds: np.ndarray) -> pa.Array:
    """UTC timestamps; null for NEVER."""
    never = seconds == NEVER
    return pa.array(np.where(never, 0, seconds) * 1_000_000, pa.int64(), mask=never).cast(pa.timestamp("us", tz="UTC"))


def money(cents: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    """Exact decimals out of whole cents; null where `mask` is true."""
    words = np.empty((len(cents), 2), dtype=np.int64)
    words[:, 0] = cents
    words[:, 1] = words[:, 0] >> 63
    array = pa.Array.from_buffers(pa.decimal128(18, 2), len(cents), [None, pa.py_buffer(words)])
    return array if mask is None else pc.if_else(pa.array(~mask), array, pa.scalar(None, array.type))


def numbers(values: np.ndarray, mask: np.ndarray | None = None) -> pa.Array:
    """Numbers or booleans; null where `mask` is true."""
    return pa.array(values, mask=mask)


def only_where(condition: np.ndarray, array: pa.Array) -> pa.Array:
    """The array with null where the condition does not hold."""
    return pc.if_else(pa.array(condition), array, pa.scalar(None, array.type))


def contract_table(entity: Entity, columns: Mapping[str, pa.Array | pa.DictionaryArray]) -> pa.Table:
    """A table with exactly the entity's columns in contract order; columns not given are null.

    Raises:
        KeyError: a given column is not in the contract.
    """
    for name in columns:
        entity.column(name)
    count = len(next(iter(columns.values())))
    arrays = {}
    for column in entity.columns:
        wanted = _ARROW_TYPES[column.type]
        array = columns.get(column.name, pa.nulls(count, wanted))
        keep = pa.types.is_dictionary(array.type) or array.type == wanted
        arrays[column.name] = array if keep else array.cast(wanted)
    return pa.table(arrays)

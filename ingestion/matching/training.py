"""Learning the numbers of the model from unlabelled contacts, and keeping them as versions.

A version is a JSON file with the complete model: comparisons, blocking rules and learned numbers. One is part of the
project (`contacts-0.json`, made by `python -m benchmarks.contact_model`); those learned from a company's own contacts
lie in its data directory as `identity/contacts-1.json`, `contacts-2.json` …, made by nothing but
`lifecycle identity proposals train`; the latest counts. No name, address or other value of a contact is in a version.
The project's own is adapted to the contacts at hand whenever it is used (`in_force`): that keeps nothing, so the same
contacts give the same proposals whatever was run before.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingestion.matching.comparisons import CERTAIN, IDENTIFIERS, LARGEST_BLOCK, TRAINING, untrained, usable
from ingestion.matching.records import MatchingUnavailableError, Records

if TYPE_CHECKING:
    from splink import Linker

    from ingestion.settings import Settings

ADAPTED_FROM = 1_000
"""Contacts that tell how common coincidences are among them; with fewer the project's own numbers are better."""
SEED = 7
PAIRS_SAMPLED = 1_000_000
CERTAIN_SHARE = 0.7
"""Share of all matches that agree on one of CERTAIN, by experience with contacts."""
FEWEST_PAIRS = 20
"""Pairs a training rule must find to teach anything."""
MOST_PAIRS = 5_000_000
"""Pairs a training rule may find; looking at more takes long and teaches nothing new."""
RAREST_AMONG_MATCHES, RAREST_AMONG_STRANGERS = 1e-3, 1e-6
"""Least share of all matches, and of all pairs of strangers, any degree of likeness is taken to have."""
SHIPPED = Path(__file__).with_name("contacts-0.json")

_VERSION = re.compile(r"contacts-(\d+)\.json")


@dataclass(frozen=True)
class MatchModel:
    """A trained model.

    Args:
        version: its number; 0 is part of the project.
        parameters: everything the library needs.
        origin: what it was learned from, in words.
    """

    version: int
    parameters: dict[str, Any]
    origin: str


def train(records: Records) -> dict[str, Any]:
    """Learn how much each degree of likeness says, by expectation maximisation, without any labels.

    Raises:
        MatchingUnavailableError: when there are too few contacts that look like each other to learn from.
    """
    from splink import block_on

    linker = records.linker(untrained(records.fields))
    teaching = [
        rule for rule in usable(TRAINING, records.fields) if FEWEST_PAIRS <= _pair_count(records, rule) <= MOST_PAIRS
    ]
    certain = usable(CERTAIN, records.fields)
    if not teaching or not sum(_pair_count(records, rule) for rule in certain):
        raise MatchingUnavailableError(
            f"{records.count:,} contacts hold too few that look like each other to learn from. Train with more of them."
        )
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*rule) for rule in certain], recall=CERTAIN_SHARE
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS_SAMPLED, seed=SEED)
    try:
        for rule in teaching:
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
    except ValueError as error:
        raise MatchingUnavailableError(
            "The contacts hold too few typing errors to learn from: some likeness was never seen among matches."
            " Proposals go on with the version in force."
        ) from error
    return _parameters(linker)


def in_force(records: Records, model: MatchModel) -> MatchModel:
    """The model as the records are scored with it: the project's own adapted to enough of them, others as learned."""
    if model.version or records.count < ADAPTED_FROM:
        return model
    return replace(model, parameters=adapted(records, model), origin=f"{model.origin}; adapted to the contacts at hand")


def adapted(records: Records, model: MatchModel) -> dict[str, Any]:
    """The model with what differs between companies learned anew: how common coincidences are, and how common matches.

    How people mistype is kept from the model. Nothing is iterated, so any contacts will do. Matches are counted among
    the pairs without a common identifier, for only those are proposed: of all matches they are the few that are left.
    """
    linker = records.linker(model.parameters)
    with records.in_order():
        linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS_SAMPLED, seed=SEED)
    pair_count = records.count * (records.count - 1) / 2
    match_count = max(_certain_pairs_without_identifier(records), 1) / CERTAIN_SHARE
    return {**_parameters(linker), "probability_two_random_records_match": min(match_count / pair_count, 0.5)}


def save(settings: Settings, parameters: dict[str, Any], origin: str) -> Path:
    """Keep learned parameters as the next version in the data directory."""
    folder = _folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"contacts-{max(_versions(settings), default=0) + 1}.json"
    write(path, parameters, origin)
    return path


def write(path: Path, parameters: dict[str, Any], origin: str) -> None:
    """Write a version as a file, complete or not at all."""
    unfinished = path.with_name(path.name + ".part")
    text = json.dumps({"origin": origin, "parameters": parameters}, indent=1, sort_keys=True)
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(path)


def latest(settings: Settings) -> MatchModel:
    """The latest version in the data directory, else the one that is part of the project."""
    return version(settings, max(_versions(settings), default=0))


def version(settings: Settings, number: int) -> MatchModel:
    """One version; 0 is the one that is part of the project.

    Raises:
        MatchingUnavailableError: when there is no such version.
    """
    path = {0: SHIPPED, **_versions(settings)}.get(number)
    if path is None:
        raise MatchingUnavailableError(f"Version {number} of the model is not in {_folder(settings)} any more.")
    content = json.loads(path.read_text(encoding="utf-8"))
    return MatchModel(number, content["parameters"], content["origin"])


def _parameters(linker: Linker) -> dict[str, Any]:
    """What was learned. A likeness that was never seen is taken for rare, not for impossible."""
    learned = linker.misc.save_model_to_json()
    for comparison in learned["comparisons"]:
        for level in comparison["comparison_levels"]:
            if not level.get("is_null_level"):
                level["m_probability"] = max(level.get("m_probability") or 0.0, RAREST_AMONG_MATCHES)
                level["u_probability"] = max(level.get("u_probability") or 0.0, RAREST_AMONG_STRANGERS)
    return {name: value for name, value in learned.items() if name != "linker_uid"}


def _versions(settings: Settings) -> dict[int, Path]:
    named = ((_VERSION.fullmatch(path.name), path) for path in _folder(settings).glob("contacts-*.json"))
    return {int(name.group(1)): path for name, path in named if name}


def _folder(settings: Settings) -> Path:
    return settings.data_dir / "identity"


def _pair_count(records: Records, rule: tuple[str, ...]) -> int:
    parts = ", ".join(rule)
    filled = " and ".join(f"{part} is not null" for part in rule)
    (count,) = records.connection.execute(
        f"select coalesce(sum(n * (n - 1) // 2), 0) from (select count(*) as n from records where {filled}"
        f" group by {parts})"
    ).fetchone()
    return int(count)


def _certain_pairs_without_identifier(records: Records) -> int:
    rules = [rule for rule in usable(CERTAIN, records.fields) if not set(rule) & set(IDENTIFIERS)]
    apart = " and ".join(f"coalesce({same.format('l')} <> {same.format('r')}, true)" for same in IDENTIFIERS.values())
    pairs = [
        f"select l.record_key, r.record_key as other_key from"
        f" (from records qualify count(*) over (partition by {', '.join(rule)}) <= {LARGEST_BLOCK}) as l"
        f" join records as r using ({', '.join(rule)}) where l.record_key < r.record_key and {apart}"
        for rule in rules
    ]
    if not pairs:
        return 0
    (count,) = records.connection.execute(f"select count(*) from ({' union '.join(pairs)})").fetchone()
    return int(count)

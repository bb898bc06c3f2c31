"""Contacts compared by the model that is part of the project, and what is learned and kept."""

import json

import duckdb
import pyarrow as pa
import pytest

from ingestion.matching.chart import ChartError, waterfall
from ingestion.matching.comparisons import BLOCKING, FIELDS, LARGEST_BLOCK, usable
from ingestion.matching.records import MatchingUnavailableError, prepared
from ingestion.matching.scoring import PAIRS, contact_match_table, scored_pairs
from ingestion.matching.training import adapted, in_force, latest, save, train, version

ANN = ("crm:1", "Änn", "Example", "1980-02-03", "Long Street 7", "10115", "Berlin", None, None)
TYPED_AGAIN = ("shop:1", "ann", "Exampel", "1980-02-03", "Long Street 7", "10115", "berlin", None, None)
BOB = ("crm:2", "Bob", "Sample", "1971-11-30", "Short Lane 1", "20095", "Hamburg", None, None)
BLANK = ("crm:3", "", None, None, None, " ", None, None, None)


def contacts(*rows):
    columns = zip(*rows, strict=True)
    return pa.table(
        {name: pa.array(values, pa.string()) for name, values in zip(("record_key", *FIELDS), columns, strict=True)}
    )


def scored(settings, *rows, minimum=0.5):
    with prepared(contacts(*rows), settings) as records:
        return scored_pairs(records, latest(settings), minimum).to_pylist()


def test_the_same_person_typed_twice_is_found_and_every_field_tells_its_part(settings):
    (pair,) = scored(settings, ANN, TYPED_AGAIN, BOB, BLANK)
    assert (pair["left_record_key"], pair["right_record_key"]) == ("crm:1", "shop:1")
    assert pair["match_probability"] > 0.99
    weights = json.loads(pair["contributions"])
    told = {"prior", "first_name", "last_name", "birth_date", "street", "postal_code"}
    assert set(weights) == told, "the city is told by the postal code"
    assert sum(weights.values()) == pytest.approx(pair["match_weight"], abs=0.01)
    assert weights["prior"] < 0 < weights["birth_date"]


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        ("maria@example.de", "maria@ex\u0430mple.de", False),
        ("m.stein81@example.de", "m.stein81@ex\u0430mple.de", False),
        ("m.stein81@example.de", "m.stein81@xn--exmple-4nf.de", False),
        ("maria@example.de", "maria@example.org", False),
        ("stein@example.de", "stein@example.org", False),
        ("m.stein81@example.de", "m.stein81@example.org", True),
    ],
)
def test_a_mailbox_elsewhere_counts_unless_its_provider_may_be_a_lookalike_or_it_is_only_a_name(
    settings, one, other, counts
):
    first, second = (
        (key, "Maria", "Stein", None, None, "10115", "Berlin", mail, None)
        for key, mail in (("crm:1", one), ("crm:2", other))
    )
    (pair,) = scored(settings, first, second, minimum=0.0)
    weights = json.loads(pair["contributions"])
    assert (weights.get("email", 0) > 5) == counts
    assert weights.get("email", 0) >= 0


def test_the_result_holds_no_value_of_a_contact_and_does_not_depend_on_the_order_of_rows(settings):
    pairs = scored(settings, ANN, TYPED_AGAIN, BOB)
    assert "example" not in json.dumps(pairs).lower()
    assert scored(settings, BOB, TYPED_AGAIN, ANN) == pairs


def test_a_new_contact_is_scored_against_those_known_with_the_numbers_learned_before(settings):
    before = latest(settings)
    assert scored(settings, ANN, BOB) == []
    assert len(scored(settings, ANN, BOB, TYPED_AGAIN)) == 1
    assert latest(settings) == before


def test_a_value_that_very_many_contacts_share_makes_no_pairs(settings):
    crowd = [
        (f"crm:{i}", f"name{i}", f"family{i}", None, None, None, None, "info@example.com", None)
        for i in range(LARGEST_BLOCK + 1)
    ]
    with prepared(contacts(*crowd), settings) as records:
        assert records.connection.execute(
            f"select count(block_{BLOCKING.index(('email',))}) from records"
        ).fetchone() == (0,)
    with prepared(contacts(*crowd[:-1]), settings) as records:
        assert records.connection.execute(
            f"select count(block_{BLOCKING.index(('email',))}) from records"
        ).fetchone() == (LARGEST_BLOCK,)


def test_one_contact_alone_and_nobody_at_all_are_no_pairs(settings):
    assert scored(settings, ANN) == []
    with prepared(contacts(ANN).slice(0, 0), settings) as records:
        assert scored_pairs(records, latest(settings), 0.5).num_rows == 0


def test_while_proposals_are_switched_off_nothing_is_even_read(settings):
    assert not settings.identity_proposals
    assert contact_match_table(None, settings, 0.5) == PAIRS.empty_table()


def test_a_missing_library_is_said_in_plain_words(settings, monkeypatch):
    monkeypatch.setattr("ingestion.matching.records.find_spec", lambda name: None)
    with pytest.raises(MatchingUnavailableError, match=r"need the package splink"), prepared(contacts(ANN), settings):
        pass


def test_too_few_contacts_teach_nothing_and_nothing_is_kept(settings):
    with prepared(contacts(ANN, BOB), settings) as records, pytest.raises(MatchingUnavailableError, match="too few"):
        train(records)
    assert latest(settings).version == 0


def test_neighbours_and_numbered_addresses_are_no_likeness_beyond_the_names(settings):
    jo, namesake = (
        (
            f"crm:{number}",
            "Jo",
            "Miller",
            None,
            f"Long Street {house}",
            None,
            None,
            f"jo.miller.{house}@example.com",
            None,
        )
        for number, house in ((1, 17), (2, 18))
    )
    typed_again = ("crm:3", "Jo", "Miller", None, "Lng Street 17", None, None, "jo.miler.17@example.com", None)
    (stranger,) = scored(settings, jo, namesake, minimum=0.0)
    assert stranger["match_probability"] < 0.01
    assert all(json.loads(stranger["contributions"])[field] < 0 for field in ("street", "email"))
    (same,) = scored(settings, jo, typed_again, minimum=0.0)
    assert all(json.loads(same["contributions"])[field] > 0 for field in ("street", "email"))
    assert same["match_probability"] > 100 * stranger["match_probability"]


def test_the_model_is_adapted_to_enough_contacts_in_every_run_alike_and_nothing_is_kept(settings, monkeypatch):
    monkeypatch.setattr("ingestion.matching.training.ADAPTED_FROM", 3)
    switched_on = settings.model_copy(update={"identity_proposals": True})
    with duckdb.connect() as connection:
        connection.register("delivered", contacts(ANN, TYPED_AGAIN, BOB))
        table = connection.sql("select *, null::varchar as merged_into_contact_id from delivered")
        first = contact_match_table(table, switched_on, 0.0).to_pylist()
        assert contact_match_table(table, switched_on, 0.0).to_pylist() == first
        merged = connection.sql(
            "select *, case when record_key = 'shop:1' then '1' end as merged_into_contact_id from delivered"
        )
        assert contact_match_table(merged, switched_on, 0.0).num_rows == 0, "a merged contact is decided"
    assert {pair["model_version"] for pair in first} == {0}
    assert not (settings.data_dir / "identity").exists()
    unadapted = scored(settings, ANN, TYPED_AGAIN)
    assert json.loads(first[0]["contributions"])["prior"] != json.loads(unadapted[0]["contributions"])["prior"]


def test_matches_are_as_common_as_pairs_that_only_names_and_addresses_join(settings):
    twice = [(f"{source}:1", "Ann", "Example", None, "Long Street 7", "10115", None, None, None) for source in "ab"]
    mailbox = [
        (f"{source}:2", "Bob", "Sample", None, "Short Lane 1", "20095", None, "bob@example.com", None)
        for source in "ab"
    ]
    number = [
        (f"{source}:3", "Cay", "Third", None, "Hill Road 12", "80331", None, None, phone)
        for source, phone in (("a", "+49 170 1234567"), ("b", "0170 1234567"))
    ]
    with prepared(contacts(*twice, *mailbox, *number), settings) as records:
        learned = adapted(records, latest(settings))
    assert learned["probability_two_random_records_match"] == pytest.approx(1 / 0.7 / 15)


def test_a_trained_version_is_used_as_it_was_learned(settings, monkeypatch):
    monkeypatch.setattr("ingestion.matching.training.ADAPTED_FROM", 2)
    save(settings, version(settings, 0).parameters, "a test")
    with prepared(contacts(ANN, TYPED_AGAIN, BOB), settings) as records:
        assert in_force(records, latest(settings)) == latest(settings)


def test_contacts_without_typing_errors_teach_nothing_and_the_version_in_force_remains(settings, monkeypatch):
    def nothing_seen(*_arguments, **_settings):
        raise ValueError("m values not fully trained")

    monkeypatch.setattr(
        "splink.internals.linker_components.training.LinkerTraining.estimate_parameters_using_expectation_maximisation",
        nothing_seen,
    )
    with (
        prepared(contacts(*crowd_of_families()), settings) as records,
        pytest.raises(MatchingUnavailableError, match="too few typing errors"),
    ):
        train(records)
    assert latest(settings).version == 0


def family(number, name, birthday):
    row = ("{}", name, f"Family{number % 40}", birthday, f"Street {number}", f"{10000 + number}", f"City{number % 9}")
    return [(row[0].format(f"{source}:{number}"), *row[1:], f"mail{number}@example.com", None) for source in ("a", "b")]


def crowd_of_families():
    names = ("Ada", "Ben", "Cay", "Dan", "Eve", "Fay")
    return [
        row
        for number in range(120)
        for row in family(number, names[number % 6], f"19{50 + number % 49}-0{1 + number % 9}-1{number % 10}")
    ]


def test_what_was_learned_is_kept_as_the_next_version_and_the_latest_counts(settings):
    with prepared(contacts(*crowd_of_families()), settings) as records:
        learned = train(records)
    first, second = save(settings, learned, "a test"), save(settings, learned, "a test")
    assert (first.name, second.name) == ("contacts-1.json", "contacts-2.json")
    assert (latest(settings).version, version(settings, 1).parameters) == (2, json.loads(json.dumps(learned)))
    assert "Family" not in second.read_text()
    with pytest.raises(MatchingUnavailableError, match="Version 3"):
        version(settings, 3)


def test_the_picture_is_one_file_that_loads_nothing_and_shows_values_only_when_asked(settings):
    with prepared(contacts(ANN, TYPED_AGAIN, BOB), settings) as records:
        model = latest(settings)
        masked = waterfall(records, model, ("shop:1", "crm:1"), reveal=False)
        shown = waterfall(records, model, ("crm:1", "shop:1"), reveal=True)
        for gone in (("crm:1", "crm:9"), ("crm:1",)):
            with pytest.raises(ChartError, match="no longer delivered"):
                waterfall(records, model, gone, reveal=True)
    assert "exampel" in shown
    assert "exampel" not in masked
    assert "<script src" not in masked
    assert "<link" not in masked
    assert masked.startswith("<!DOCTYPE html>")


def test_a_rule_is_used_only_when_every_part_of_it_is_delivered():
    assert usable((("email",), ("first_name", "street")), ("email", "first_name")) == [("email",)]

"""Identifiers in their normal form, and the SQL twin of the e-mail rule."""

import re
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import dbt_sources
from ingestion.identifiers import mixes_alphabets, normalise_email, normalise_phone

MACROS = Path(__file__).resolve().parents[2] / "dbt_project" / "macros" / "identity" / "identifiers.sql"


@pytest.mark.parametrize(
    ("delivered", "mailbox"),
    [
        (" Anna@Example.COM ", "anna@example.com"),
        ("a.n.n.a@gmail.com", "anna@gmail.com"),
        ("a.n.n.a+shop@googlemail.com", "anna+shop@googlemail.com"),
        ("a.n.n.a@example.com", "a.n.n.a@example.com"),
        ("anna@bücher.de", "anna@xn--bcher-kva.de"),
        ("anna@BÜCHER.de", "anna@xn--bcher-kva.de"),
        ("ännä@example.com", "ännä@example.com"),
        ("\ufeffan\u200bna@exam\u00adple.com", "anna@example.com"),
        ("\u200b@example.com", None),
        ("anna", None),
        ("anna@", None),
        ("@example.com", None),
        ("anna@localhost", None),
        ("anna@@example.com", None),
        ("anna example@example.com", None),
        ("...@gmail.com", None),
        ("anna@😀..de", None),
        ("", None),
    ],
)
def test_an_address_is_brought_into_the_form_of_its_mailbox(delivered, mailbox):
    assert normalise_email(delivered) == mailbox


def test_a_homoglyph_domain_is_another_domain():
    assert normalise_email("anna@exаmple.com") != normalise_email("anna@example.com")


@pytest.mark.parametrize(
    ("delivered", "is_mixed"),
    [
        ("anna@ex\u0430mple.com", True),
        ("anna@g\u03bfogle.com", True),
        ("anna@mail.ex\u0430mple.com", True),
        ("anna@example.com", False),
        ("anna@bücher.de", False),
        ("анна@пример.рф", False),
        ("anna@пример-1.com", False),
        ("anna@магазин-24online.ru", False),
        ("anna@αβγ-shop.gr", False),
        ("anna@xn--0.com", False),
    ],
)
def test_a_domain_with_a_word_in_letters_of_several_alphabets_that_look_alike_is_told(delivered, is_mixed):
    mailbox = normalise_email(delivered)
    assert mailbox is not None
    assert mixes_alphabets(mailbox) is is_mixed


@pytest.mark.parametrize(
    ("delivered", "country", "number"),
    [
        ("0170 1234567", "", "+491701234567"),
        ("+49 (0)170 / 123 45 67", "", "+491701234567"),
        ("00491701234567", "AT", "+491701234567"),
        ("00491701234567", "US", None),
        ("044 668 18 00", "CH", "+41446681800"),
        ("044 668 18 00", "no such country", "+49446681800"),
        ("(202) 555-0143", "US", "+12025550143"),
        ("12", "", None),
        ("call me", "", None),
        ("", "", None),
    ],
)
def test_a_phone_number_gets_the_country_of_its_row_or_the_default_one(delivered, country, number):
    assert normalise_phone(delivered, country, "DE") == number


@given(st.from_regex(r"[a-z.+]{1,8}@(gmail|googlemail|mail|a\.b)\.(com|de)", fullmatch=True))
def test_normalising_an_address_twice_changes_nothing(address):
    mailbox = normalise_email(address)
    assert mailbox is None or normalise_email(mailbox) == mailbox


def _sql_twin() -> str:
    """The macro's expression for plain ASCII addresses, with the column `address`."""
    body = re.search(r"macro normalised_email\(column\) -%}(.*?){%- endmacro", MACROS.read_text("utf-8"), re.S).group(1)
    return body.replace("{{ column }}", "address").replace("normalise_email(address)", "null")


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            st.from_regex(r"[a-z.+]{0,6}@?[a-z.]{0,4}@(gmail|googlemail|mail|a\.b)\.(com|de)", fullmatch=True),
            st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12),
        ),
        min_size=1,
        max_size=30,
    )
)
def test_the_sql_macro_and_the_function_agree_on_plain_addresses(addresses):
    lowered = [address.lower() for address in addresses]
    rows = duckdb.execute(f"select {_sql_twin()} from (select unnest(?::varchar[]) as address)", [lowered]).fetchall()
    assert [mailbox for (mailbox,) in rows] == [normalise_email(address) for address in lowered]


def test_the_dbt_files_of_the_contract_are_up_to_date():
    remedy = "run `python -m ingestion.dbt_sources`"
    for path, text in dbt_sources.generated_files().items():
        assert path.read_text("utf-8") == text, remedy

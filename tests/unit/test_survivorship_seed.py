"""The seed of survivorship may name exactly the attributes that survive."""

import re

import yaml

from ingestion.settings import PROJECT_ROOT

DBT = PROJECT_ROOT / "dbt_project"


def test_every_attribute_that_survives_may_have_sources_of_its_own_and_no_other():
    model = (DBT / "models" / "lifecycle" / "attributes" / "contact_attributes.sql").read_text()
    survived = re.findall(r"'(\w+)'", re.search(r"set attributes = \[(.*?)\]", model, re.DOTALL).group(1))
    seeds = yaml.safe_load((DBT / "seeds" / "lifecycle" / "_lifecycle_seeds.yml").read_text())["seeds"]
    [columns] = [seed["columns"] for seed in seeds if seed["name"] == "attribute_sources"]
    [tests] = [column["data_tests"] for column in columns if column["name"] == "attribute"]
    [accepted] = [test["accepted_values"]["arguments"]["values"] for test in tests]
    assert accepted == ["any", *survived]

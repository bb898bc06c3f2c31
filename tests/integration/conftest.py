"""Companies that several modules of integration tests look at; building one takes longer than all questions to it."""

from __future__ import annotations

import shutil

import pytest

from tests.integration.ten_people import HALF_A_YEAR_EARLIER, TODAY, ten_people
from tests.integration.tiny_company import TinyCompany


@pytest.fixture(scope="session")
def ten_people_earlier(tmp_path_factory):
    """The ten people as of half a year earlier; never write into it."""
    company = ten_people(tmp_path_factory.mktemp("ten_people_earlier"))
    company.build(HALF_A_YEAR_EARLIER)
    return company


@pytest.fixture(scope="session")
def ten_people_today(ten_people_earlier, tmp_path_factory):
    """The ten people today, built incrementally on what was built for the earlier day."""
    directory = tmp_path_factory.mktemp("ten_people_today")
    shutil.copytree(ten_people_earlier.directory, directory, dirs_exist_ok=True)
    company = TinyCompany(directory)
    company.build(TODAY)
    return company

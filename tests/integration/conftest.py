"""Companies that several modules of integration tests look at; building one takes longer than all questions to it."""

from __future__ import annotations

import shutil

import pytest

from ingestion.sandbox.company import write_company
from ingestion.settings import Settings
from orchestration.run import run_pipeline
from tests.conftest import COMPANY_END, COMPANY_PEOPLE
from tests.integration.inbox_tools import TWO_BAD_ORDERS, Inbox
from tests.integration.ten_people import HALF_A_YEAR_EARLIER, TODAY, ten_people
from tests.integration.ten_prospects import ten_prospects
from tests.integration.tiny_company import TinyCompany


@pytest.fixture(scope="session")
def ten_people_earlier(built_once):
    """The ten people as of half a year earlier; never write into it."""
    return TinyCompany(built_once("ten_people_earlier", lambda folder: ten_people(folder).build(HALF_A_YEAR_EARLIER)))


@pytest.fixture(scope="session")
def ten_people_today(ten_people_earlier, built_once):
    """The ten people today, built incrementally on what was built for the earlier day; never write into it."""

    def build(folder):
        shutil.copytree(ten_people_earlier.directory, folder, dirs_exist_ok=True)
        TinyCompany(folder).build(TODAY)

    return TinyCompany(built_once("ten_people_today", build))


@pytest.fixture(scope="session")
def prospects(built_once):
    """The ten people a shop wants to win; never write into it."""
    return TinyCompany(built_once("ten_prospects", ten_prospects))


@pytest.fixture(scope="session")
def company_of_files(built_once):
    """The sample company with every entity delivered as files, after its first run; never write into it."""

    def build(folder):
        settings = Settings(data_dir=folder / "data", _env_file=None)
        write_company(COMPANY_PEOPLE, 7, COMPANY_END, settings.inbox, settings.data_dir / "truth")
        outcome = run_pipeline(settings, as_of=COMPANY_END)
        assert outcome.succeeded, outcome.problems

    return Settings(data_dir=built_once("company_of_files", build) / "data", _env_file=None)


@pytest.fixture
def inbox(settings):
    """An inbox that has loaded one file, one of whose three orders was accepted."""
    inbox = Inbox(settings)
    inbox.put("crm/orders/a.csv", TWO_BAD_ORDERS)
    inbox.load()
    return inbox

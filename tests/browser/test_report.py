"""The report of a publication opens in a browser without a network, without an error, in light and dark."""

import pytest

from orchestration.lifecycle_report.content import PANELS, SECTIONS
from orchestration.lifecycle_report.model import Language
from orchestration.lifecycle_report.reading import read_answers
from orchestration.lifecycle_report.writing import report_path
from tests.browser.conftest import complaints_of, has_the_colours_of

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", list(Language))
def test_the_report_opens_without_a_network_and_without_an_error(company, page, language, scheme):
    path = report_path(company.settings, language)
    assert complaints_of(page, path, scheme) == []
    assert page.locator("section").count() == len(SECTIONS)
    assert page.locator("article").count() == len(PANELS)
    assert (
        page.evaluate("[...document.querySelectorAll('figure > svg')].filter(svg => !svg.getBBox().width).length") == 0
    )
    assert page.locator("figure > svg").count() >= sum(panel.chart is not None for panel in PANELS)
    assert has_the_colours_of(page, scheme)


def test_every_question_of_the_report_is_answered_for_the_sample_company(company):
    answers = read_answers(company.settings, PANELS, Language.EN)
    assert answers.missing == {}
    assert [panel.key for panel in PANELS if panel.chart and not answers.rows[panel.key]] == []

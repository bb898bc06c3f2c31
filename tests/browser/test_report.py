"""The report of a publication opens in a browser without a network, without an error, in light and dark."""

import pytest

from orchestration.lifecycle_report.content import PANELS, SECTIONS
from orchestration.lifecycle_report.model import Language
from orchestration.lifecycle_report.reading import read_answers
from orchestration.lifecycle_report.writing import report_path

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", list(Language))
def test_the_report_opens_without_a_network_and_without_an_error(company, page, language, scheme):
    path = report_path(company.settings, language)
    wanted, wrong = [], []
    page.on("request", lambda request: wanted.append(request.url))
    page.on("console", lambda message: wrong.append(message.text))
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.emulate_media(color_scheme=scheme)
    page.goto(path.as_uri())
    assert (wanted, wrong) == ([path.as_uri()], [])
    assert page.locator("section").count() == len(SECTIONS)
    assert page.locator("article").count() == len(PANELS)
    assert (
        page.evaluate("[...document.querySelectorAll('figure > svg')].filter(svg => !svg.getBBox().width).length") == 0
    )
    assert page.locator("figure > svg").count() >= sum(panel.chart is not None for panel in PANELS)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    background = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(20, 24, 31)" if scheme == "dark" else "rgb(246, 247, 249)")


def test_every_question_of_the_report_is_answered_for_the_sample_company(company):
    answers = read_answers(company.settings, PANELS, Language.EN)
    assert answers.missing == {}
    assert [panel.key for panel in PANELS if panel.chart and not answers.rows[panel.key]] == []

"""What the report asks, one module per section. Its order here is its order on the page."""

from __future__ import annotations

from orchestration.report.content.acquisition import ACQUISITION
from orchestration.report.content.engagement import ENGAGEMENT
from orchestration.report.content.journeys import JOURNEYS
from orchestration.report.content.overview import OVERVIEW
from orchestration.report.content.quality import QUALITY
from orchestration.report.content.retention import RETENTION
from orchestration.report.content.satisfaction import SATISFACTION
from orchestration.report.content.value import VALUE

SECTIONS = (OVERVIEW, RETENTION, VALUE, ACQUISITION, SATISFACTION, JOURNEYS, ENGAGEMENT, QUALITY)
PANELS = tuple(panel for section in SECTIONS for panel in section.panels)

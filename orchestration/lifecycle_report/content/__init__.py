"""What the report asks, one module per section. Its order here is its order on the page."""

from __future__ import annotations

from orchestration.lifecycle_report.content.acquisition import ACQUISITION
from orchestration.lifecycle_report.content.engagement import ENGAGEMENT
from orchestration.lifecycle_report.content.journeys import JOURNEYS
from orchestration.lifecycle_report.content.overview import OVERVIEW
from orchestration.lifecycle_report.content.quality import QUALITY
from orchestration.lifecycle_report.content.retention import RETENTION
from orchestration.lifecycle_report.content.satisfaction import SATISFACTION
from orchestration.lifecycle_report.content.value import VALUE

SECTIONS = (OVERVIEW, RETENTION, VALUE, ACQUISITION, SATISFACTION, JOURNEYS, ENGAGEMENT, QUALITY)
PANELS = tuple(panel for section in SECTIONS for panel in section.panels)

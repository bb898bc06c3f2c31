"""GA4's resource: the events of the days whose files are new. Key: day, delivery, row; every delivery is kept."""

from __future__ import annotations

from ingestion.sources.exports import read_units
from ingestion.sources.ga4 import settings as ga4
from ingestion.sources.ga4.records import files_by_day
from ingestion.sources.model import Connector, ExportFiles, Resource

GA4 = Connector(
    name=ga4.NAME,
    title=ga4.TITLE,
    domain=ga4.DOMAIN,
    api_version=ga4.API_VERSION,
    hosts=(),
    requests_per_second=0,
    credentials=ga4.CREDENTIALS,
    headers=lambda _settings: {},
    resources=(Resource(ga4.EVENTS, read_units, is_by_day=True),),
    files=ExportFiles(ga4.FOLDER, files_by_day),
)

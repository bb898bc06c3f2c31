"""Snowplow's resource: the events of files that are new. Key: file, delivery, row; every delivery is kept."""

from __future__ import annotations

from ingestion.sources.exports import read_units
from ingestion.sources.model import Connector, ExportFiles, Resource
from ingestion.sources.snowplow import settings as snowplow
from ingestion.sources.snowplow.records import files_one_by_one

SNOWPLOW = Connector(
    name=snowplow.NAME,
    title=snowplow.TITLE,
    domain=snowplow.DOMAIN,
    api_version=snowplow.API_VERSION,
    hosts=(),
    requests_per_second=0,
    credentials=snowplow.CREDENTIALS,
    headers=lambda _settings: {},
    resources=(Resource(snowplow.EVENTS, read_units, is_by_day=True),),
    files=ExportFiles(snowplow.FOLDER, files_one_by_one),
)

"""Segment's resource: the events of files that are new. Key: file, delivery, row; every delivery is kept."""

from __future__ import annotations

from ingestion.sources.exports import read_units
from ingestion.sources.model import Connector, ExportFiles, Resource
from ingestion.sources.segment import settings as segment
from ingestion.sources.segment.records import files_one_by_one

SEGMENT = Connector(
    name=segment.NAME,
    title=segment.TITLE,
    domain=segment.DOMAIN,
    api_version=segment.API_VERSION,
    hosts=(),
    requests_per_second=0,
    credentials=segment.CREDENTIALS,
    headers=lambda _settings: {},
    resources=(Resource(segment.EVENTS, read_units, is_by_day=True),),
    files=ExportFiles(segment.FOLDER, files_one_by_one),
)

"""SendGrid's resource: the events of files that are new. Key: file, delivery, row; every delivery is kept."""

from __future__ import annotations

from ingestion.sources.exports import read_units
from ingestion.sources.model import Connector, ExportFiles, Resource
from ingestion.sources.sendgrid import settings as sendgrid
from ingestion.sources.sendgrid.records import files_one_by_one

SENDGRID = Connector(
    name=sendgrid.NAME,
    title=sendgrid.TITLE,
    domain=sendgrid.DOMAIN,
    api_version=sendgrid.API_VERSION,
    hosts=(),
    requests_per_second=0,
    credentials=sendgrid.CREDENTIALS,
    headers=lambda _settings: {},
    resources=(Resource(sendgrid.EVENTS, read_units, is_by_day=True),),
    files=ExportFiles(sendgrid.FOLDER, files_one_by_one),
)

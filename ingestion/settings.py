"""Settings of the whole project: one frozen object, read once from the environment and `.env`.

Everything a person can configure without changing code stands here with its default. Thresholds of the business rules
do not: they are dbt vars (`dbt_project.yml`) and seeds. Other modules receive a `Settings`; none reads the environment.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from ingestion.operation_settings import OperationSettings
from ingestion.quarantine.books import ROWS_ALLOWED, SHARE_ALLOWED
from ingestion.source_settings import SourceSettings

PROJECT_ROOT = Path(__file__).resolve().parent.parent


class Settings(SourceSettings, OperationSettings):
    """What can be configured from outside; each field is the environment variable `LIFECYCLE_<FIELD>`."""

    model_config = SettingsConfigDict(
        env_prefix="LIFECYCLE_", env_file=PROJECT_ROOT / ".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    data_dir: Path = Field(default=PROJECT_ROOT / "data", description="Where inbox, warehouse and serving files live.")
    reporting_currency: str = Field(default="EUR", description="Currency all marts report in, ISO 4217.")
    timezone: str = Field(default="Europe/Berlin", description="Business time zone: days, weeks and months end here.")
    default_country: str = Field(default="DE", description="Country of phone numbers without one, ISO 3166-1 alpha-2.")
    memory_limit: str = Field(default="6GB", description="Memory DuckDB may use before it spills to disk.")
    spill_limit: str = Field(default="100GB", description="Disk DuckDB may spill to.")
    threads: int = Field(default=2, ge=1, description="Threads DuckDB may use.")
    lock_wait_seconds: float = Field(
        default=30, ge=0, description="Seconds to wait for another process that has the warehouse open."
    )
    generations_kept: int = Field(
        default=5, ge=1, description="Published generations kept: so many of the newest, and of those readers saw last."
    )
    serving_group: str | None = Field(
        default=None, description="Group of this machine that may read what is published; the owner alone when empty."
    )
    quarantine_share_allowed: float = Field(
        default=SHARE_ALLOWED, ge=0, le=1, description="Share of an entity's delivered rows that may be in quarantine."
    )
    quarantine_rows_allowed: int = Field(
        default=ROWS_ALLOWED, ge=0, description="Rows of an entity in quarantine that never stop a run."
    )
    postgres_url: SecretStr | None = Field(
        default=None, description="Postgres database the published marts are copied to; none when empty."
    )
    identity_budget_share: float = Field(
        default=0.05, ge=0, le=1, description="Share of known people, and of revenue, a publication may change."
    )
    identity_budget_people: int = Field(
        default=20, ge=0, description="People a publication may always merge, split or change."
    )
    identity_budget_identifiers: int = Field(
        default=100, ge=1, description="Identifiers a new or grown customer may have."
    )
    identity_proposals: bool = Field(
        default=False, description="Whether contacts without a common identifier are compared (package splink)."
    )

    @field_validator("data_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

    @field_validator("reporting_currency")
    @classmethod
    def _known_currency(cls, value: str) -> str:
        from ingestion.contract.currencies import is_currency

        code = value.strip().upper()
        if not is_currency(code):
            raise ValueError(f"{value!r} is not an ISO 4217 currency code; write for example EUR, USD or CHF")
        return code

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError(f"{value!r} is not a time zone; write for example Europe/Berlin or UTC") from None
        return value

    @cached_property
    def inbox(self) -> Path:
        """Folder people and connectors put files into: `<domain>/<entity>/<file>`."""
        return self.data_dir / "inbox"

    @cached_property
    def sample_company(self) -> Path:
        """Folder of the sample company, where `lifecycle demo` has brought one."""
        return self.data_dir / "sandbox"

    @cached_property
    def warehouse(self) -> Path:
        """The private DuckDB file the pipeline writes."""
        return self.data_dir / "warehouse.duckdb"

    @cached_property
    def quarantine_decisions(self) -> Path:
        """What people decided about rows in quarantine, kept beside the warehouse."""
        return self.data_dir / "quarantine" / "decisions.jsonl"

    @cached_property
    def serving(self) -> Path:
        """Folder BI tools read: the current generation and its Parquet files."""
        return self.data_dir / "serving"

    @cached_property
    def docs(self) -> Path:
        """Folder for generated documents: check results and run reports."""
        return self.data_dir / "docs"

    @cached_property
    def run_reports(self) -> Path:
        """Folder of the reports runs leave behind."""
        return self.docs / "runs"

    @cached_property
    def alerts(self) -> Path:
        """Folder of alerts raised, sent or not."""
        return self.data_dir / "alerts"

    @cached_property
    def backups(self) -> Path:
        """Folder of the warehouse's backups."""
        return self.data_dir / "backups"

    @cached_property
    def spill(self) -> Path:
        """Folder DuckDB spills to when the memory limit is reached."""
        return self.data_dir / "spill"

    @cached_property
    def run_log(self) -> Path:
        """What dbt said during the last run started from the command line."""
        return self.data_dir / "logs" / "last_run.log"

    @cached_property
    def dagster_home(self) -> Path:
        """Folder of the Dagster instance: run history, schedules, logs."""
        return self.data_dir / "dagster"

    def today(self) -> date:
        """Today in the business time zone: the default `as_of`, read once at the start of a run and passed on."""
        return datetime.now(ZoneInfo(self.timezone)).date()


class _SampleSources(SourceSettings):
    """Where a sample company's vendors are served: read from the file it is given and from nowhere else."""

    model_config = SettingsConfigDict(env_prefix="LIFECYCLE_", env_file_encoding="utf-8", extra="ignore")

    @classmethod
    def settings_customise_sources(
        cls, _settings_class: type[BaseSettings], **sources: PydanticBaseSettingsSource
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The file only: not the environment, where somebody's own credentials may stand."""
        return (sources["dotenv_settings"],)


def sample_sources(settings: Settings) -> Settings:
    """The settings with the sources of the sample company, if the data directory holds one: its own and no others.

    A demo never reads from the vendors whose credentials stand in the environment or in `.env`.
    """
    if not (settings.sample_company / "company.json").exists():
        return settings
    found = _SampleSources(_env_file=settings.sample_company / "sources.env")
    return settings.model_copy(update={name: getattr(found, name) for name in SourceSettings.model_fields})


def load_settings() -> Settings:
    """Read the settings from the environment and `.env`; those of the sources of a sample company from its own file."""
    return sample_sources(Settings())

"""On a terminal what matters is coloured, unless the person who sits there has asked for none (no-color.org)."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

LIFECYCLE = Path(sys.executable).with_name("lifecycle")
FAILED_RUN = """
from ingestion.settings import load_settings
from orchestration.cli.outcome import print_outcome
from orchestration.cli.output import terminal
from orchestration.run import RunOutcome

print_outcome(load_settings(), terminal(), RunOutcome("run", succeeded=False, problems=["[bold] dbt.py:100: id"]))
"""
COLOUR = re.compile(r"\x1b\[(?:\d+;)*[39][0-7]m")


def on_a_terminal(*words, **variables):
    """What a person reads who calls it, on both of its outputs."""
    bare = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    ours, theirs = pty.openpty()
    called = subprocess.Popen(
        words, env={**bare, "TERM": "xterm", **variables}, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 65_536):
            said += part
    except OSError:  # how Linux tells that nobody writes any more
        pass
    finally:
        os.close(ours)
        called.wait()
    return said.decode()


@pytest.mark.parametrize(
    "words", [(LIFECYCLE, "doctor"), (sys.executable, "-c", FAILED_RUN)], ids=["doctor", "a failed run"]
)
def test_colours_are_left_out_where_no_color_is_set(words, tmp_path):
    """What a failed run says was red all the same: it was printed by another library than the rest."""
    directory = {"LIFECYCLE_DATA_DIR": str(tmp_path / "data")}
    coloured, plain = on_a_terminal(*words, **directory), on_a_terminal(*words, **directory, NO_COLOR="1")
    assert COLOUR.search(coloured)
    assert not COLOUR.search(plain)
    # As it is said: neither markup nor the names of pictures mean anything.
    assert ("✗ [bold] dbt.py:100: id" in plain) == (words[0] != LIFECYCLE)

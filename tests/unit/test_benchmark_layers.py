"""What a step used is what was sampled while it ran; the picture shows every step of every size."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from benchmarks import plot
from benchmarks.layers import steps_of
from benchmarks.measure import Sample

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def test_a_step_has_the_memory_and_the_spill_of_its_own_time(tmp_path):
    report = tmp_path / "run.json"
    steps = [{"step": "inbox", "seconds": 2.0}, {"step": "staging", "seconds": 1.0}, {"step": "marts", "seconds": 0.0}]
    report.write_text(json.dumps({"started_at": BEGIN.isoformat(), "steps": steps}))
    used = [(0.5, 10, 0), (1.5, 30, 7), (2.5, 20, 0), (9.0, 99, 99)]
    samples = [Sample(BEGIN.timestamp() + moment, resident, spilled) for moment, resident, spilled in used]
    found = {step.name: (step.seconds, step.peak_bytes, step.spilled_bytes) for step in steps_of(report, samples)}
    assert found == {"inbox": (2.0, 30, 7), "staging": (1.0, 20, 0), "marts": (0.0, 0, 0)}


def test_the_picture_has_a_bar_for_each_step_and_the_floor_of_each_size(tmp_path, monkeypatch):
    monkeypatch.setattr(plot, "PICTURE", tmp_path / "picture.svg")
    result = {
        "rows": 1_000_000,
        "floor_seconds": 2.0,
        "full_seconds": 30.0,
        "full_peak_gigabytes": 1.0,
        "steps": [
            {"name": "inbox", "seconds": 10.0},
            {"name": "staging", "seconds": 20.0},
            {"name": "check", "seconds": 0.01},
        ],
    }
    plot.draw({"100": result, "1000": result})
    picture = (tmp_path / "picture.svg").read_text(encoding="utf-8")
    bars = re.findall(r'<rect x="[^"]*" y="[^"]*" width="([^"]*)"', picture)
    assert [float(width) for width in bars] == [75.0, 150.0, 15.0] * 2
    assert ">1,000 people, 1.0M rows<" in picture
    assert picture.count(">30 s, 15 × the floor<") == 2

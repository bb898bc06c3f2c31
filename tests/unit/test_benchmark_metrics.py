"""Metrics of the identity benchmark, computed by hand on a few records."""

import numpy as np
import pytest

from benchmarks.known import fake_file
from benchmarks.metrics import agreement


def test_agreement_of_five_records_is_what_one_counts_by_hand():
    # Ann has records 1–3, Bob 4–5; found were {1, 2}, {3, 4}, {5}.
    found = agreement(np.array(["ann", "ann", "ann", "bob", "bob"]), np.array([1, 1, 2, 2, 3]))
    # Pairs: true 3 + 1, found 1 + 1, both 1.
    assert (found.pairwise.precision, found.pairwise.recall) == (1 / 2, 1 / 4)
    assert found.pairwise.f1 == pytest.approx(1 / 3)
    # Per record: precision 1, 1, 1/2, 1/2, 1; recall 2/3, 2/3, 1/3, 1/2, 1/2.
    assert found.b_cubed.precision == pytest.approx(4 / 5)
    assert found.b_cubed.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 2) / 5)
    assert (found.over_merge_rate, found.under_merge_rate, found.largest) == (1 / 3, 1.0, 2)


def test_the_truth_agrees_with_itself_whatever_the_groups_are_called():
    found = agreement(np.array([3, 3, 1, 2]), np.array(["x", "x", "z", "y"]))
    assert (found.pairwise.f1, found.b_cubed.f1, found.over_merge_rate, found.under_merge_rate) == (1.0, 1.0, 0.0, 0.0)


def test_records_that_were_never_joined_have_full_precision_and_no_recall():
    found = agreement(np.array(["ann", "ann", "ann"]), np.array([1, 2, 3]))
    assert (found.pairwise.precision, found.pairwise.recall, found.pairwise.f1) == (1.0, 0.0, 0.0)
    assert found.b_cubed.recall == pytest.approx(1 / 3)
    assert found.under_merge_rate == 1.0


def test_everybody_in_one_group_is_found_out():
    found = agreement(np.array(["ann", "ann", "bob", "cay"]), np.array([1, 1, 1, 1]))
    assert (found.pairwise.precision, found.pairwise.recall) == (1 / 6, 1.0)
    assert (found.over_merge_rate, found.under_merge_rate, found.largest) == (1.0, 0.0, 4)


def test_the_sample_beside_the_project_is_found_without_being_told_and_missed_by_nobody(tmp_path):
    project = tmp_path / "project"
    assert fake_file(project) is None
    file = tmp_path / "shared" / "samples" / "identity" / "fake_1000.csv"
    file.parent.mkdir(parents=True)
    file.touch()
    assert fake_file(project) == file

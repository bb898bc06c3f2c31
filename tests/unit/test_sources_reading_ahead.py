"""Reading ahead keeps the order and its bound, tells errors where they belong, and leaves no thread behind."""

from __future__ import annotations

import threading
from contextlib import closing

import pytest

from ingestion.sources.errors import UnavailableError
from ingestion.sources.reading_ahead import read_ahead


class Fetched:
    """Pages of a vendor that counts what it was asked for."""

    def __init__(self, count, problem=None):
        self.count, self.problem = count, problem
        self.asked, self.is_closed = 0, False
        self.came = threading.Condition()

    def pages(self):
        try:
            for number in range(1, self.count + 1):
                with self.came:
                    self.asked = number
                    self.came.notify_all()
                yield [number]
            if self.problem:
                raise self.problem
        finally:
            self.is_closed = True

    def wait_for(self, number):
        with self.came:
            return self.came.wait_for(lambda: self.asked >= number, timeout=10)


def threads():
    return [one for one in threading.enumerate() if one.name == "read ahead"]


def never_called():
    raise AssertionError("the reader did not leave")


@pytest.mark.parametrize("most", [1, 2, 5])
def test_pages_come_whole_and_in_their_order(most):
    fetched = Fetched(20)
    assert list(read_ahead(fetched.pages(), never_called, most)) == [[number] for number in range(1, 21)]
    assert fetched.is_closed
    assert threads() == []


def test_the_next_pages_are_fetched_while_the_reader_is_busy_and_no_more_of_them_than_may_wait():
    fetched = Fetched(20)
    with closing(read_ahead(fetched.pages(), lambda: None, 3)) as pages:
        assert next(pages) == [1]
        assert fetched.wait_for(4)
        assert fetched.asked == 4
        assert next(pages) == [2]
        assert fetched.wait_for(5)
    assert fetched.asked == 5


def test_nothing_is_fetched_before_the_first_page_is_asked_for():
    fetched = Fetched(3)
    read_ahead(fetched.pages(), never_called).close()
    assert (fetched.asked, threads()) == (0, [])


@pytest.mark.parametrize("problem", [UnavailableError("gone"), KeyboardInterrupt()])
def test_an_error_comes_behind_the_pages_before_it_and_is_the_very_same(problem):
    read = []
    with pytest.raises(type(problem)) as raised:
        for page in read_ahead(Fetched(5, problem).pages(), never_called):
            read += page
    assert (read, raised.value) == ([1, 2, 3, 4, 5], problem)
    assert threads() == []


def test_a_reader_who_leaves_ends_the_thread_and_what_it_waits_for():
    given_up = threading.Event()

    def pages():
        yield [1]
        given_up.wait(10)
        raise UnavailableError("stopped before it was asked")

    with closing(read_ahead(pages(), given_up.set)) as read:
        assert next(read) == [1]
    assert given_up.is_set()
    assert threads() == []


def test_a_reader_who_leaves_while_pages_wait_fetches_nothing_more():
    fetched = Fetched(20)
    with closing(read_ahead(fetched.pages(), lambda: None, 2)) as pages:
        next(pages)
        assert fetched.wait_for(3)
    assert (fetched.asked, fetched.is_closed, threads()) == (3, True, [])

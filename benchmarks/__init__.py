"""Benchmarks: timings and memory on this machine. They print and never pass or fail; tests do not run them."""

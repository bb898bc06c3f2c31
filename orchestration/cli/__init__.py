"""The `lifecycle` command. One module per group of commands; heavy imports stay inside the commands.

Commands read arguments, call one function of the project and print its result. They hold no rule of their own.
"""

from orchestration.cli.app import main

__all__ = ["main"]

"""What every test would make anew and get the same: made once, and shared.

None of it says anything of a test: compiled templates, compiled statements, compiled addresses,
and the areas of an empty city.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any

import sqlalchemy as sa
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy.util import LRUCache
from sqlmodel import Session
from werkzeug.routing import Rule

from socialmap.geo import tree as trees
from socialmap.geo.tree import AreaTree, area_tree


class Compiled(BytecodeCache):
    """Templates compiled once for all the applications of a run."""

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        assert bucket.code
        self._codes[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()
KNOWN_TREES: dict[str, tuple[int, AreaTree]] = {}
"""The areas of an empty city by the kind of its database: every copy has the same."""
FIRST: dict[str, sa.Engine] = {}
"""By the kind of database the engine that was the first."""


def share_areas(engine: sa.Engine) -> None:
    """Let a copy of the empty city have the areas that were read for another."""
    if engine.dialect.name not in KNOWN_TREES:
        with Session(engine) as session:
            area_tree(session)
        KNOWN_TREES[engine.dialect.name] = trees._trees[engine.pool]
    trees._trees[engine.pool] = KNOWN_TREES[engine.dialect.name]


def share_statements(engine: sa.Engine) -> None:
    """Let an engine know the statements that were compiled for another of its kind.

    SQLAlchemy keeps them by dialect, so that this is shared too; all come from `make_engine`.
    """
    first = FIRST.get(engine.dialect.name)
    if first is None:
        with engine.connect():  # the dialect gets to know its server
            FIRST[engine.dialect.name] = engine
        engine._compiled_cache = LRUCache(10_000)
    else:
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache


def share_addresses() -> None:
    """Let applications share the functions that Werkzeug compiles for each address."""
    compiled = Rule._compile_builder
    known: dict[Any, Callable[..., tuple[str, str]]] = {}

    def compiled_once(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        if rule.defaults:
            return compiled(rule, append_unknown)
        key = (rule.rule, *rule._trace, append_unknown)
        if key not in known:
            known[key] = compiled(rule, append_unknown)
        return known[key]

    Rule._compile_builder = compiled_once  # type: ignore[method-assign]

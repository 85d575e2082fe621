"""Replace functions of the search for a while, wherever they have been imported."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from importlib import import_module
from types import ModuleType
from typing import Any
from unittest.mock import patch

ROOM = "socialmap"
CACHED = type(lru_cache(str))
"""What `lru_cache` makes of a function."""


class GoneError(LookupError):
    """A name that is no longer there; the message says where to write its new name."""


def located(name: str, said_in: str) -> tuple[Any, str, Any]:
    """The owner, the attribute and the value of `module:function` or `module:Class.method`.

    Raises GoneError when there is no such thing; `said_in` is the file that asks for it.
    """
    module, _, path = name.partition(":")
    *classes, last = path.split(".")
    try:
        owner: Any = import_module(module)
        for one in classes:
            owner = getattr(owner, one)
        return owner, last, getattr(owner, last)
    except (ImportError, AttributeError) as error:
        raise GoneError(f"{name} is gone ({error}): write its new name in {said_in}") from None


@contextmanager
def replaced(name: str, make: Callable[[Any], Any], said_in: str) -> Iterator[None]:
    """Put `make(value)` in the place of a value in every module of ours that has it.

    What the search keeps of former answers (`lru_cache`) is forgotten before and after.
    """
    owner, last, value = located(name, said_in)
    instead = make(value)
    with ExitStack() as stack:
        if isinstance(owner, ModuleType):
            for module, attribute in list(_holders(value)):
                stack.enter_context(patch.object(module, attribute, instead))
        else:
            stack.enter_context(patch.object(owner, last, instead))
        forget()
        yield
    forget()


def _holders(value: Any) -> Iterator[tuple[ModuleType, str]]:
    """Every module of ours that has this value, with the name that it has there."""
    for module in _modules():
        for attribute, held in vars(module).items():
            if held is value:
                yield module, attribute


def forget() -> None:
    """Empty the caches of our functions."""
    for module in _modules():
        for held in list(vars(module).values()):
            if isinstance(held, CACHED):
                held.cache_clear()


def _modules() -> list[ModuleType]:
    return [
        module
        for name, module in list(sys.modules.items())
        if name == ROOM or name.startswith(f"{ROOM}.")
    ]

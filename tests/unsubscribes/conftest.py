"""A room with a desk in it, on each database."""

from tests.handlers.conftest import room

__all__ = ["room"]

"""Sorting: a Mail becomes a Verdict, by ordered rules over phrases kept as data."""

from handlers.sorting.sorter import Sorter

__all__ = ["Sorter"]

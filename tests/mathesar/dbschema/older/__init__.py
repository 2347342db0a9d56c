"""A made-up version 0.9: looser rules, other functions, one type and one function that are gone by now."""

from pathlib import Path

FOLDER = Path(__file__).parent

"""The page of laws is what the law files say."""

from pathlib import Path

from handlers.law.handbook import handbook
from tests.law.asked import laws

PAGE = Path(__file__).parents[2] / "docs" / "LAWS.md"


def test_the_page_and_the_data_do_not_differ() -> None:
    """After a change of the law files: python -m handlers.law.handbook docs/LAWS.md."""
    assert PAGE.read_text(encoding="utf-8") == handbook(laws())


def test_the_page_names_every_law_its_source_and_what_counsel_should_check() -> None:
    page = handbook(laws())
    for id_ in laws().ids:
        assert f"\n## {id_}\n" in page
        assert laws().named(id_).version[-1].source in page
    assert page.count("- [ ] ") > 30

"""Each test has a database of its own, on SQLite and on a real PostgreSQL."""

import sqlalchemy as sa

from tests.servers.database import Postgres


def test_a_fresh_database_has_its_tables_and_no_rows(store_url: str) -> None:
    """On either engine."""
    engine = sa.create_engine(store_url)
    tables = sa.inspect(engine).get_table_names()
    assert len(tables) > 5
    with engine.connect() as connection:
        assert all(connection.scalar(sa.text(f'SELECT count(*) FROM "{table}"')) == 0 for table in tables if table != "alembic_version")
    engine.dispose()


def test_two_databases_share_no_rows(postgres: Postgres) -> None:
    """What one test writes no other sees."""
    first, second = postgres.fresh(), postgres.fresh()
    engine = sa.create_engine(first)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE only_here (id int)"))
    engine.dispose()
    other = sa.create_engine(second)
    assert "only_here" not in sa.inspect(other).get_table_names()
    other.dispose()
    postgres.drop(first)
    postgres.drop(second)

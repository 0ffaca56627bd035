"""Runs the steps on the connection that `storage.schema` hands over."""

from typing import Any, Literal

from alembic import context

from storage.models import Instant, Row, Word


def plainly(kind: str, item: Any, _: Any) -> str | Literal[False]:
    """Write our own types as the plain ones beneath, so that a step never changes with the models."""
    if kind == "type" and isinstance(item, Word):
        return "sa.String(length=40)"
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Row.metadata,
    render_as_batch=True,
    render_item=plainly,
)
with context.begin_transaction():
    context.run_migrations()

"""Sending systems, the history of suppressions, holds and short tokens."""

import hashlib
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("suppression") as batch_op:
        batch_op.add_column(sa.Column("wished", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("confirmed", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("released", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("changes", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("head", sa.String(length=64), nullable=False, server_default=""))
        batch_op.create_index("suppression_wished", ["wished"])
    with op.batch_alter_table("suppression") as batch_op:
        batch_op.alter_column("changes", server_default=None)
        batch_op.alter_column("head", server_default=None)
    op.execute("UPDATE suppression SET wished = at")
    _give_heads()
    with op.batch_alter_table("outgoing") as batch_op:
        batch_op.add_column(sa.Column("held", sa.Integer(), nullable=True))
        batch_op.create_index("outgoing_held", ["held"])
    op.create_table(
        "suppression_event",
        sa.Column("id", BIG, nullable=False),
        sa.Column("suppression_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("key_id", BIG, nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["vault_key.id"]),
        sa.ForeignKeyConstraint(["suppression_id"], ["suppression.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("suppression_id", "number"),
    )
    op.create_table(
        "system_told",
        sa.Column("id", BIG, nullable=False),
        sa.Column("suppression_id", BIG, nullable=False),
        sa.Column("system", sa.String(length=80), nullable=False),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("asked", MOMENT, nullable=False),
        sa.Column("queued", MOMENT, nullable=False),
        sa.Column("done", MOMENT, nullable=True),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["suppression_id"], ["suppression.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("suppression_id", "system"),
    )
    with op.batch_alter_table("system_told") as batch_op:
        batch_op.create_index("system_told_state", ["system", "state", "asked"])
    op.create_table(
        "unsubscribe_hold",
        sa.Column("id", BIG, nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("settled", MOMENT, nullable=True),
        sa.Column("by", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "mail_token",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("controller", sa.String(length=80), nullable=False),
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("made", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["key_id"], ["vault_key.id"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )
    with op.batch_alter_table("mail_token") as batch_op:
        batch_op.create_index("ix_mail_token_address_hash", ["address_hash"])


def downgrade() -> None:
    op.drop_table("mail_token")
    op.drop_table("unsubscribe_hold")
    op.drop_table("system_told")
    op.drop_table("suppression_event")
    with op.batch_alter_table("outgoing") as batch_op:
        batch_op.drop_index("outgoing_held")
        batch_op.drop_column("held")
    with op.batch_alter_table("suppression") as batch_op:
        batch_op.drop_index("suppression_wished")
        for name in ("head", "changes", "released", "confirmed", "wished"):
            batch_op.drop_column(name)


def _give_heads() -> None:
    """Entries from before get the hash of what they were born with, as `storage.suppressions` makes it."""
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT id, controller, scope, address_hash, source, asked, at FROM suppression")).all()
    for row in rows:
        parts = ("birth", row.controller, row.scope, row.address_hash, row.source, _written(row.asked), _written(row.at))
        head = hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
        connection.execute(sa.text("UPDATE suppression SET head = :head WHERE id = :id"), {"head": head, "id": row.id})


def _written(value: Any) -> str:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    return str(aware.isoformat(timespec="microseconds"))

"""What happens to a case: occurrences, tasks, approvals, steps that can be undone, absences."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)

Added = tuple[str, sa.types.TypeEngine[Any], Any]
CASE: tuple[Added, ...] = (
    ("clock_day", sa.Date(), None),
    ("candidates", sa.Text(), ""),
    ("acknowledged", MOMENT, None),
    ("answered", MOMENT, None),
    ("waiting_since", MOMENT, None),
    ("waiting_reminded", sa.Integer(), "0"),
    ("with_managers", sa.Boolean(), sa.false()),
    ("unread", sa.Boolean(), sa.false()),
    ("bounced", sa.Boolean(), sa.false()),
    ("notes", sa.Integer(), "0"),
    ("linked", sa.String(length=40), None),
    ("split_from", sa.String(length=40), None),
    ("source", sa.String(length=40), ""),
    ("domain_hash", sa.String(length=64), None),
)
CASE_INDEXES = (
    ("case_person", ["requester_hash"]),
    ("case_owner", ["owner", "status"]),
    ("case_thread", ["thread"]),
    ("case_domain", ["controller", "domain_hash", "opened"]),
    ("case_opened", ["opened"]),
    ("case_closed", ["closed"]),
)
RIGHT: tuple[Added, ...] = (
    ("state", sa.String(length=40), "open"),
    ("ground", sa.String(length=40), None),
    ("settled", MOMENT, None),
    ("settled_by", sa.String(length=80), None),
)
REMINDER: tuple[Added, ...] = (("level", sa.Integer(), "0"), ("raised", MOMENT, None))


def upgrade() -> None:
    _add("case", CASE)
    with op.batch_alter_table("case") as batch_op:
        for name, columns in CASE_INDEXES:
            batch_op.create_index(name, columns)
    _add("case_right", RIGHT)
    _add("reminder", REMINDER)
    with op.batch_alter_table("attachment") as batch_op:
        batch_op.create_index("attachment_message", ["message_id"])
    with op.batch_alter_table("fingerprint") as batch_op:
        batch_op.create_index("fingerprint_read", ["read"])
    _carry_over()
    _tables()


def _add(table: str, columns: tuple[Added, ...]) -> None:
    """Columns more; what may not be empty keeps its start value as the default, for SQLite would copy a table that others point at."""
    with op.batch_alter_table(table) as batch_op:
        for name, kind, start in columns:
            batch_op.add_column(sa.Column(name, kind, nullable=start is None, server_default=start))


def _carry_over() -> None:
    """What the dates of old cases already say of them."""
    op.execute(
        'UPDATE "case" SET acknowledged = (SELECT min(done) FROM deadline WHERE deadline.case_id = "case".id AND kind = \'acknowledge\')'
        " WHERE closed IS NULL"
    )
    op.execute("UPDATE \"case\" SET waiting_since = opened WHERE status LIKE 'waiting%'")
    connection = op.get_bind()
    found: dict[int, list[str]] = {}
    rows = connection.execute(sa.text("SELECT DISTINCT case_id, law FROM deadline WHERE law NOT IN ('HOUSE', 'UK-DPA-164A') ORDER BY law"))
    for row in rows:
        found.setdefault(row.case_id, []).append(row.law)
    change = sa.text('UPDATE "case" SET candidates = :laws WHERE id = :id')
    for case_id, laws in found.items():
        connection.execute(change, {"laws": ",".join(laws), "id": case_id})


def _tables() -> None:
    op.create_table(
        "occurrence",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", MOMENT, nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("noted", MOMENT, nullable=False),
        sa.Column("void", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("occurrence_case", "occurrence", ["case_id"])
    op.create_table(
        "task",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("right", sa.String(length=40), nullable=True),
        sa.Column("place", sa.String(length=80), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("made", MOMENT, nullable=False),
        sa.Column("settled", MOMENT, nullable=True),
        sa.Column("settled_by", sa.String(length=80), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("task_case", "task", ["case_id"])
    op.create_index("task_owner", "task", ["owner", "state"])
    op.create_table(
        "approval",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("asked", MOMENT, nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("settled_by", sa.String(length=40), nullable=True),
        sa.Column("settled", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("approval_case", "approval", ["case_id"])
    op.create_table(
        "step",
        sa.Column("id", BIG, nullable=False),
        sa.Column("case_id", BIG, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("deed", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=80), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("first_event", sa.Integer(), nullable=False),
        sa.Column("last_event", sa.Integer(), nullable=False),
        sa.Column("changes", sa.Text(), nullable=False),
        sa.Column("barred", sa.Text(), nullable=False),
        sa.Column("undone", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("case_id", "number"),
    )
    op.create_table(
        "absence",
        sa.Column("slack_id", sa.String(length=40), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("deputy", sa.String(length=40), nullable=True),
        sa.Column("noted", MOMENT, nullable=False),
        sa.Column("noted_by", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("slack_id"),
    )


def downgrade() -> None:
    for table in ("absence", "step", "approval", "task", "occurrence"):
        op.drop_table(table)
    with op.batch_alter_table("fingerprint") as batch_op:
        batch_op.drop_index("fingerprint_read")
    with op.batch_alter_table("attachment") as batch_op:
        batch_op.drop_index("attachment_message")
    for table, columns in (("reminder", REMINDER), ("case_right", RIGHT)):
        with op.batch_alter_table(table) as batch_op:
            for name, _, _ in columns:
                batch_op.drop_column(name)
    with op.batch_alter_table("case") as batch_op:
        for name, _ in CASE_INDEXES:
            batch_op.drop_index(name)
        for name, _, _ in CASE:
            batch_op.drop_column(name)

"""Alerts reach people, and every try of a task is known."""

from pathlib import Path

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Keep them."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Forget them."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

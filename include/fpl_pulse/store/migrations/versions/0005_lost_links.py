"""A link that the evidence has ended is remembered, and an alert says when it was over."""

from pathlib import Path

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Remember both."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Forget both."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

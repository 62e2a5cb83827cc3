"""What there should be of every gameweek, what a check found of it, how fresh it is, and whether the quota lasts."""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Make the table of coverage and the views."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Drop them."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

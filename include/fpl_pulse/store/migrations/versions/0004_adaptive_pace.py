"""The pace slows down for everybody when a source says that it is too fast, and quickens again."""

from pathlib import Path

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Remember how far and when an API's pace was slowed down."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Forget it."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

"""The first schema: both sides, the mappings, the archive, the ledger and the runs."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Create every table."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Drop every table, and with them all data."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

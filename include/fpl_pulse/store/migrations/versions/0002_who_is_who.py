"""Who is who, with evidence: confirmations, a person's decisions, alerts, and the reconciliation with FPL."""

from pathlib import Path

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Add what a link rests on, and the tables beside it."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Take it away again; decisions, alerts and differences are lost."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

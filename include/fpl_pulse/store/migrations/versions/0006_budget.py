"""The ledger keeps when the quota begins anew; a run keeps its forecast and by how much it was short."""

from pathlib import Path

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Keep them."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Forget them."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

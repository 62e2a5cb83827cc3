"""An answer that a person has asked for by name is told apart in the archive."""

from pathlib import Path

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Tell them apart."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Forget it."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

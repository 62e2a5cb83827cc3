"""Revisions: what SofaSport corrected is kept, and the tables can be asked for as of any moment."""

from pathlib import Path

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

HERE = Path(__file__)


def upgrade() -> None:
    """Keep every earlier content of a row from now on."""
    op.execute(HERE.with_suffix(".up.sql").read_text())


def downgrade() -> None:
    """Forget the earlier contents; the newest stays."""
    op.execute(HERE.with_suffix(".down.sql").read_text())

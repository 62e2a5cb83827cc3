"""A migration whose two directions are SQL files beside its Python file."""

from collections.abc import Callable
from pathlib import Path

from alembic import op


def sql_revision(file: str) -> tuple[Callable[[], None], Callable[[], None]]:
    """The functions `upgrade` and `downgrade` of a migration.

    Args:
        file: `__file__` of the migration `NNNN_name.py`; the SQL is in `NNNN_name.up.sql` and `NNNN_name.down.sql`.
    """

    def upgrade() -> None:
        op.execute(Path(file).with_suffix(".up.sql").read_text())

    def downgrade() -> None:
        op.execute(Path(file).with_suffix(".down.sql").read_text())

    return upgrade, downgrade

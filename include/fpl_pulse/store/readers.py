"""The role `pulse_reader`, for people and programs that only read: the schemas for readers, and nothing else."""

from typing import Any, LiteralString

from psycopg import Connection, Cursor, sql

READER = "pulse_reader"

SETTINGS: dict[LiteralString, str] = {
    "default_transaction_read_only": "on",
    "search_path": "fpl",
    "statement_timeout": "60s",
}
"""What a session of a reader begins with."""


def grant_to_readers(cursor: Cursor[Any], schemas: tuple[str, ...]) -> None:
    """Let the role read all views of schemas, if the role exists. New views need it again."""
    if cursor.execute("select from pg_roles where rolname = %s", [READER]).fetchone() is None:
        return
    for schema in schemas:
        names = {"schema": sql.Identifier(schema), "reader": sql.Identifier(READER)}
        cursor.execute(sql.SQL("grant usage on schema {schema} to {reader}").format(**names))
        cursor.execute(sql.SQL("grant select on all tables in schema {schema} to {reader}").format(**names))


def create_reader(conn: Connection[Any], password: str, schemas: tuple[str, ...]) -> bool:
    """Create the role, or give it a new password, in one transaction. The user of the connection must be allowed to.

    Returns:
        Whether the role is new.
    """
    with conn.transaction(), conn.cursor() as cursor:
        is_new = cursor.execute("select from pg_roles where rolname = %s", [READER]).fetchone() is None
        reader = sql.Identifier(READER)
        if is_new:
            cursor.execute(sql.SQL("create role {}").format(reader))
        # A password is no parameter of the statement. Only its hash is sent, so it reaches no log of the server.
        encrypted = conn.pgconn.encrypt_password(password.encode(), READER.encode(), b"scram-sha-256").decode()
        cursor.execute(sql.SQL("alter role {} login password {}").format(reader, sql.Literal(encrypted)))
        for name, value in SETTINGS.items():
            cursor.execute(sql.SQL("alter role {} set {} = {}").format(reader, sql.SQL(name), sql.Literal(value)))
        grant_to_readers(cursor, schemas)
    return is_new

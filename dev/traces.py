"""dev/traces.py DATABASE: prints what is in a database, a line for each column, constraint, index, function and row.

Two databases with the same lines are the same, but for who wrote a row and when.
"""

import hashlib
import sys

import psycopg2
from psycopg2.sql import SQL, Identifier

SCHEMA = {
    "column": """
        SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable
          FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraint": """
        SELECT conrelid::regclass || '.' || conname || ' ' || pg_get_constraintdef(oid)
          FROM pg_constraint WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "sequence": "SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'",
    "function": "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}
# What changes by itself: assets are made anew, each message of the bus is kept for a while.
VOLATILE_TABLES = ("bus_bus", "ir_attachment", "ir_logging")
VOLATILE_COLUMNS = ("create_date", "create_uid", "write_date", "write_uid")
LONGEST = 400


def main(database):
    with psycopg2.connect(dbname=database) as connection, connection.cursor() as cursor:
        for kind, query in SCHEMA.items():
            cursor.execute(query)
            print(*(f"{kind} {line}" for (line,) in cursor), sep="\n")
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            if table in VOLATILE_TABLES:
                continue
            cursor.execute(
                SQL("SELECT (to_jsonb(t) - %s)::text FROM {} t").format(Identifier(table)),
                [list(VOLATILE_COLUMNS)],
            )
            for (row,) in cursor:
                digest = hashlib.sha256(row.encode()).hexdigest()[:8] if len(row) > LONGEST else ""
                print(f"row {table} {row[:LONGEST]}{digest}".replace("\n", " "))


if __name__ == "__main__":
    main(sys.argv[1])

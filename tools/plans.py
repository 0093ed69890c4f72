"""How PostgreSQL goes about queries over many rows."""

# Enough for the contacts of a large database beside each other; PostgreSQL's own 4 MB is meant for many small queries.
MEMORY = "64MB"


def plan_for_many_rows(cr):
    """Prepare this transaction for queries that touch many rows and take seconds or less.

    PostgreSQL would compile them, in each of its processes, which takes a third of that; and it would sort what it
    has no memory for to count it. An administrator who gives it more has it.

    :param cr: the cursor
    """
    cr.execute(
        """
        SELECT set_config('jit', 'off', TRUE),
               CASE WHEN pg_size_bytes(current_setting('work_mem')) < pg_size_bytes(%(memory)s)
                    THEN set_config('work_mem', %(memory)s, TRUE)
               END
        """,
        {"memory": MEMORY},
    )

"""How PostgreSQL goes about queries over many rows."""


def do_not_compile(cr):
    """Run the queries of this transaction as they are, for those that touch many rows but take a second or less:
    PostgreSQL would compile them, in each of its processes, which takes a third of that.

    :param cr: the cursor
    """
    cr.execute("SET LOCAL jit = off")

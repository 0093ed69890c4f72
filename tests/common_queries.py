from unittest.mock import patch

PER_RECORD = 0.1  # far less than one query a record; the ORM inserts rows by the hundred
SMALL, LARGE = 200, 400


class QueriesCase:
    """Counts queries, at N and at 2N."""

    def count_queries(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        # the bus cleans up at random
        with patch("random.random", lambda: 1):
            before = self.cr.sql_log_count
            call()
            self.env.flush_all()
            self.cr.precommit.run()
            return self.cr.sql_log_count - before

    def assertNoQueryPerRecord(self, count, small=SMALL, large=LARGE, per_record=PER_RECORD):
        """:param count: function number of records -> number of queries"""
        count(2)  # whatever is cached by the way, of one and of several
        few, many = count(small), count(large)
        self.assertLess(
            (many - few) / (large - small),
            per_record,
            f"{few} queries for {small} records, {many} for {large}",
        )

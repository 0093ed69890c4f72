"""Processes that work at once, as the workers of a server do."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from apart import prepare


class Workers:
    """So many processes, which stay: what they load is loaded once."""

    def __init__(self, count):
        self._pools = [
            ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=prepare)
            for _index in range(count)
        ]

    def run(self, function, arguments):
        """Call a function, one that a module beside this one defines, in all of them at once.

        :param list arguments: a tuple for each process
        :return: list of what they return
        """
        calls = [pool.submit(function, *args) for pool, args in zip(self._pools, arguments, strict=True)]
        return [call.result() for call in calls]

    def __enter__(self):
        return self

    def __exit__(self, *_args):
        for pool in self._pools:
            pool.shutdown()

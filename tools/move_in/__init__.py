"""Readers of what other systems know of contacts and their stages: plain Python, without a database.

``read_rows`` in ``sources.py`` is the way in; ``timeline.py`` puts what was read in order with what is there.
"""

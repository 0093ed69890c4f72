"""What a caller may put into the context, and nobody believes (P5)."""

FORGED = {
    "lifecycle_source": "rule",
    "lifecycle_date": "2001-01-01 00:00:00",
    "lifecycle_rule_id": 1,
    "lifecycle_channel_ids": {"1": 1},
    "lifecycle_import": {"source": "merge"},
    "__action_done": {"1": [1]},
}

"""The update from 19.0.1.0.0 by the clock, with a million contacts and ten million moves, beside an update of the same
database that has nothing to migrate."""

from commands import seconds_of

DATABASES = ("history",)

# What tells a database of 19.0.1.0.0, as far as its time goes: moves that do not say when the stage had been entered.
AS_BEFORE = """
    ALTER TABLE lifecycle_transition DROP COLUMN date_entered;
    UPDATE ir_module_module SET latest_version = '19.0.1.0.0' WHERE name = 'contact_lifecycle';
"""


def measure(_purpose, table):
    update = ["-u", "contact_lifecycle", "--stop-after-init", "--no-http"]
    ours, plain = seconds_of(update, "history", AS_BEFORE), seconds_of(update, "history")
    table.add("update from 19.0.1.0.0", ours, "without its migration", plain, None)

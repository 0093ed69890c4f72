"""What dev/check-lifecycle does in Odoo's shell before and after the upgrade from the last release.

The variable STEP is "make" or "check". Each file in dev/upgrade_states is one topic, and has

* ``make(env)``: runs on the last release; puts records into a state, and returns what to know of it afterwards (JSON);
* ``check(env, made)``: runs after the upgrade, with what ``make`` returned; asserts.

The next migration adds a file. Rows that it changes on purpose it names as ``made["changes"]``, a dictionary of
table -> ids: the files that compare everything leave these out.
"""

import importlib.util
import json
import os
from pathlib import Path

env = globals()["env"]
folder, made_file = Path(os.environ["UPGRADE_STATES"]), Path(os.environ["UPGRADE_MADE"])


def load(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def make(states):
    made = {name: state.make(env) for name, state in states.items()}
    made_file.write_text(json.dumps(made, default=str))


def check(states):
    made = json.loads(made_file.read_text())
    changes = {}
    for state_made in made.values():
        for table, ids in state_made.get("changes", {}).items():
            changes.setdefault(table, set()).update(ids)
    for name, state in states.items():
        state.check(env, {**made[name], "all_changes": changes})


# those that look at everything come last, so that they see what the others have made
states = {path.stem: load(path) for path in sorted(folder.glob("*.py"))}
{"make": make, "check": check}[os.environ["STEP"]](states)
env.cr.commit()

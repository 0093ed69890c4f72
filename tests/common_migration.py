import importlib.util
from pathlib import Path

ADDON = Path(__file__).parent.parent


def load_migration(version, name):
    """:return: the module of a migration script"""
    path = ADDON / "migrations" / version / f"{name}.py"
    spec = importlib.util.spec_from_file_location(f"{version}_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

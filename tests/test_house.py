import ast
import re
from collections import Counter, defaultdict
from pathlib import Path

from odoo.tests import TransactionCase, tagged

ADDON = Path(__file__).parents[1]
OURS = "odoo.addons.contact_lifecycle."
# from -> to: calls of private methods against the order of loading, and why
UPWARDS = {
    ("contact", "conversation"): "a contact's stage shows in its conversations, as these move their contacts",
}


def is_private(name):
    return name.startswith("_") and not name.startswith("__")


def get_floors():
    """:return: list of the rooms in the order in which they are loaded"""
    init = (ADDON / "models" / "__init__.py").read_text()
    rooms = re.findall(r"^from \. import (\w+)", init, re.M)
    return ["tools", *rooms, "report", "wizard"]


def get_sources(room):
    """:return: list of the syntax trees of the files of a room, or of the file where it is one"""
    path = ADDON / room if (ADDON / room).is_dir() else ADDON / "models" / room
    paths = path.glob("*.py") if path.is_dir() else [path.with_suffix(".py")]
    return [ast.parse(path.read_text()) for path in paths if path.name != "__init__.py"]


@tagged("post_install", "-at_install")
class TestHouse(TransactionCase):
    """Each thing is in the room of its topic, and a room knows those below it alone."""

    def find_arrows(self):
        """:return: dict (room, other room) -> set of the private methods of the other one that the room calls"""
        foreign = {
            name
            for model in self.env.registry.values()
            for cls in model.mro()
            if not cls.__module__.startswith(OURS)
            for name in vars(cls)
        }
        rooms = {room: get_sources(room) for room in get_floors()}
        homes = defaultdict(set)
        for room, trees in rooms.items():
            for node in (node for tree in trees for node in ast.walk(tree)):
                if isinstance(node, ast.FunctionDef) and is_private(node.name) and node.name not in foreign:
                    homes[node.name].add(room)
        floors = {room: floor for floor, room in enumerate(get_floors())}
        arrows = defaultdict(set)
        for room, trees in rooms.items():
            for node in (node for tree in trees for node in ast.walk(tree)):
                if isinstance(node, ast.Attribute) and node.attr in homes and room not in homes[node.attr]:
                    # a method that later rooms extend is that of the first
                    arrows[room, min(homes[node.attr], key=floors.get)].add(node.attr)
        return arrows

    def test_rooms_call_those_that_are_loaded_before_them(self):
        floors = {room: floor for floor, room in enumerate(get_floors())}
        arrows = self.find_arrows()
        self.assertIn(("rule", "contact"), arrows)
        upwards = {arrow for arrow in arrows if floors[arrow[0]] < floors[arrow[1]]}
        self.assertEqual(upwards, set(UPWARDS), {arrow: arrows[arrow] for arrow in upwards - set(UPWARDS)})

    def test_every_file_is_loaded(self):
        """Odoo says nothing of a model whose file nobody imports"""
        for folder in (ADDON / "models", *(ADDON / "models" / room for room in get_floors())):
            if folder.is_dir():
                init = (folder / "__init__.py").read_text()
                loaded = set(re.findall(r"^from \. import (\w+)", init, re.M))
                files = {path.stem for path in folder.glob("*.py") if is_model(path)}
                self.assertLessEqual(files, loaded, folder.name)

    def test_no_test_module_imports_another(self):
        """Helpers are in common*.py: what is imported from a test is run once more"""
        for path in (ADDON / "tests").rglob("*.py"):
            if path.name != "__init__.py":
                self.assertNotRegex(path.read_text(), r"(?m)^from \.[\w.]*\btest_\w+ import", path.name)

    def test_no_two_test_modules_share_a_name(self):
        """Odoo finds them by their base names, and of two with the same one it would silently run one"""
        names = Counter(path.name for path in (ADDON / "tests").rglob("test_*.py"))
        self.assertGreater(len(names), 80)
        self.assertEqual([name for name, count in names.items() if count > 1], [])

    def test_windows_say_their_views(self):
        """Only Odoo's buttons fill them in: whoever else calls a method gets an action that no page can open."""
        windows = [
            (room, ast.unparse(node))
            for room in get_floors()
            for tree in get_sources(room)
            for node in ast.walk(tree)
            if isinstance(node, ast.Dict) and "'type': 'ir.actions.act_window'" in ast.unparse(node)
        ]
        self.assertGreater(len(windows), 5)
        for room, window in windows:
            with self.subTest(room=room):
                self.assertIn("'views': ", window)


def is_model(path):
    return any(
        isinstance(node, ast.ClassDef) and any(isinstance(base, ast.Attribute) for base in node.bases)
        for node in ast.parse(path.read_text()).body
    )

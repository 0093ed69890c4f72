"""dev/words.py: finds what people would read untranslated, in the plural for one, put together from pieces that no
language can put in its own order, or with a number that is not written as their language does; and names that are not
written as Odoo's CRM writes them; run by dev/lint in its copy.

Exports of terms do not look into the expressions of templates, nor do they know of numbers. ESLint does the same for
JavaScript that does not pass ``_t`` (see ``eslint.config.mjs``).
"""

import ast
import re
import sys
from pathlib import Path

from lxml import etree

FOLDERS = ("data", "report", "static/src", "views", "wizard")
# what an attribute of this name holds is read; of any other, only what looks like a text
READ = ("alt", "aria-label", "data-tooltip", "label", "placeholder", "string", "title")
SHOWN = {"t-out", "t-esc", *(f"t-att-{name}" for name in READ)}
INTERPOLATED = {f"t-attf-{name}" for name in READ}
# of these the value is no expression, or a list of classes
OTHER = re.compile(
    r"t-(name|inherit|inherit-mode|as|ref|slot|set|set-slot|call|translation.*|att-class|attf-.*|att-style)|.*[cC]lass"
)
LITERAL = re.compile(r"'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|`([^`]*)`")
COMPARED = re.compile(r"(?:[!=]=+|\bin)\s*$|^\s*(?:[!=]=+|\]?\s*:(?!:)|\])")
A_TEXT = re.compile(r"^[A-Z][^\W_]*[a-z](\W|$)|^\W*[^\W\d_]+(\s[^\W\d_]+)+\W*$")

# what has a name, which is written as in Odoo's CRM: “Expected Revenue”, “Mark as Lost”
NAMED = re.compile(
    "app|block|button|field|filter|form|graph|group|kanban|list|page|pivot|search|separator|setting"
)
SMALL = "an?|and|as|at|by|for|from|in|into|is|of|on|or|out|over|than|that|the|to|until|up|with|without"
LABEL = re.compile(r'\blabel: _t\("([^"%]*)"')
NAME = re.compile(rf"\W*[A-Z][\w'-]*(\W+([A-Z\d][\w'-]*|{SMALL}))*\W*")
# these say something, alone or together with what stands beside them
SENTENCES = {
    "Do not show this again",
    "Next week",
    "No stage",
    "On entering",
    "On losing an opportunity for",
    "The contact enters",
    "The last run failed",
}

COUNTED = "contact|conversation|day|hour|inbox|lead|minute|move|record|rule|run|stage|time"
# of which there can be one; of a maximum there cannot
NUMBER = r"%(?:\((?!max|number|limit)\w+\)[sd]|[sd])"
IN_THE_PLURAL = re.compile(rf"{NUMBER}(?: \w+)? (?:{COUNTED})(?:e?s)\b|^(?:{COUNTED})e?s$")
UNIT = re.compile(rf"^\s*({COUNTED})e?s\b")
PLURAL = re.compile(rf"\b({COUNTED})e?s\b.*")

# a text that stands against a value; between two of them there may be a sign, such as "·"
PIECE = re.compile(r"[^\W\d_]|[()\[\]]")
JOINED = re.compile(r"\$\{\s*_t\(|\b_t\((?:[^()]|\([^()]*\))*\)\s*\+|\+\s*_t\(")
PLAIN_NUMBER = re.compile(r"(?:\blength|(?:\b|_|[a-z])[cC]ounts?)$")
WITH_VALUES = re.compile(r'\b_t\(\s*"(?:[^"\\]|\\.)*",\s*((?:[^()]|\((?:[^()]|\([^()]*\))*\))*)\)')
VALUE = re.compile(r"\b(count|done|number|place|total)\b(?:: ((?:[^,()}]|\([^()]*\))+))?")


def find_hidden(path):
    """:return: texts in the expressions of a template or a view, which no translation reaches"""
    for element in etree.parse(str(path)).iter(etree.Element):
        attributes = dict(element.attrib)
        if element.tag == "attribute":  # what an inheriting template sets
            attributes = {element.get("name", ""): element.text or ""}
        is_component = element.tag[0].isupper()
        for name, value in attributes.items():
            if name in INTERPOLATED:
                if path.parts[0] == "static" and re.search(r"[^\W\d_]{2}", re.sub(r"\{\{.*?\}\}", "", value)):
                    yield name, value
            elif name in SHOWN or (
                (name.startswith("t-") or name in ("options", "context") or is_component)
                and not OTHER.fullmatch(name)
                and not name.endswith(".translate")
            ):
                for text in find_texts(value, name in SHOWN):
                    yield name, text


def find_texts(expression, is_shown):
    """:return: the literals of an expression that people read"""
    for found in LITERAL.finditer(expression):
        text = next(group for group in found.groups() if group is not None)
        before, after = expression[: found.start()], expression[found.end() :]
        is_argument = before.count("(") > before.count(")") and re.search(r"[\w\]](\(|\(.*[,{].*)$", before)
        if COMPARED.search(before[-8:]) or COMPARED.search(after[:8]):
            continue
        if A_TEXT.search(text) or (is_shown and not is_argument and re.search(r"[^\W\d_]", text)):
            yield text


def find_units(path):
    """:return: plurals beside a number in a template or a view that has no word for one"""
    for element in etree.parse(str(path)).iter(etree.Element):
        unit = UNIT.match(element.tail or "")
        if unit and follows_number(element) and not has_one(path, unit[1]):
            yield "beside a number", " ".join(element.tail.split())


def follows_number(element):
    """:return: whether a number is shown in the element or beside it, that nobody types"""
    values = [
        node
        for sibling in (element, *element.itersiblings(preceding=True))
        for node in sibling.iter(etree.Element)
        if node.tag == "field" or node.get("t-out")
    ]
    return bool(values) and not any("o_input_" in node.get("class", "") for node in values)


def has_one(path, noun):
    """:return: whether a text or a condition of the file is of one"""
    return bool(re.search(rf"\b[oO]ne {noun}\b|>\s*{noun}\b", path.read_text()))


def find_pieces(path):
    """:return: texts in a template of the client that are put together with a value beside them"""
    for element in etree.parse(str(path)).iter(etree.Element):
        if not element.get("t-out") or element.tag != "t":
            continue
        before, after = element.getprevious(), element.getnext()
        pieces = [element.getparent().text if before is None else before.tail, element.tail]
        if after is not None and after.tag == "t" and not element.tail.strip():
            pieces.append(after.text)
        yield from (" ".join(piece.split()) for piece in pieces if piece and PIECE.search(piece))


def find_plain_numbers(path):
    """:return: expressions of a template or a file of code that show a number without the signs of the language"""
    if path.suffix == ".xml":
        for element in etree.parse(str(path)).iter(etree.Element):
            shown = element.get("t-out", "")
            if PLAIN_NUMBER.search(shown) and "format" not in shown:
                yield shown
        return
    for values in WITH_VALUES.findall(path.read_text()):
        for name, value in VALUE.findall(values if values.startswith("{") else ""):
            if "format" not in (value or name):
                yield f"{name}: {value}" if value else name


def find_names(path):
    """:return: how a file calls fields, menus, windows, buttons, filters, columns and choices"""
    if path.suffix == ".js":
        yield from LABEL.findall(path.read_text())
        return
    if path.suffix == ".py":
        for node in ast.walk(ast.parse(path.read_text())):
            owner = getattr(getattr(node, "func", None), "value", None)
            # a tick box may say something
            if getattr(owner, "id", "") == "fields" and node.func.attr != "Boolean":
                yield from (ast.literal_eval(word.value) for word in node.keywords if word.arg == "string")
        return
    for element in etree.parse(str(path)).iter(etree.Element):
        if path.parts[0] == "static":
            yield " ".join(element.text.split()) if element.tag == "button" and element.text else ""
        elif element.tag == "menuitem":
            yield element.get("name", "")
        elif element.get("name") == "name" and element.getparent().get("model", "").startswith("ir.actions."):
            yield element.text
        elif NAMED.fullmatch(element.tag):
            yield element.get("string", "")


def find_plain_names(path):
    """:return: those that are not written as names; one that begins with a small letter goes on from what stands before"""
    for name in find_names(path):
        plain = re.sub(r"\([^)]*\)", "", name)
        if plain[:1].isupper() and name not in SENTENCES and not NAME.fullmatch(plain):
            yield name


def find_terms(path):
    """:return: the texts of a file of code that are translated"""
    text = path.read_text()
    if path.suffix == ".js":
        return [ast.literal_eval(f'"{term}"') for term in re.findall(r'\b_t\(\s*"((?:[^"\\]|\\.)*)"', text)]
    return [
        node.args[0].value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("_", "_lt")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    ]


def find_plurals(terms):
    """:return: those of the ``terms`` of a file that count, and that have no other form for one in it"""
    for term in sorted(terms):
        found = IN_THE_PLURAL.search(term)
        if not found:
            continue
        noun = PLURAL.search(found[0])[1]
        before = re.escape(term[: found.start()])
        one = re.compile(rf"{before}(1|[oO]ne)( \w+)? {noun}\b" if "%" in found[0] else rf"{noun}$")
        # words in brackets are a chip of a sentence
        if not any(one.match(other.replace("[", "")) for other in terms):
            yield term


def main():
    templates = [path for folder in FOLDERS for path in sorted(Path(folder).rglob("*.xml"))]
    code = [
        path
        for path in sorted([*Path().rglob("*.py"), *Path("static/src").rglob("*.js")])
        if path.parts[0] not in ("benchmarks", "dev", "examples", "findings", "tests")
    ]
    terms = {path: set(find_terms(path)) for path in code}
    faults = [
        *(
            f"{path}: {name}: “{text}” is not translated"
            for path in templates
            for name, text in find_hidden(path)
        ),
        *(
            f"{path}: {name}: “{text}” is no word for one"
            for path in templates
            for name, text in find_units(path)
        ),
        *(f"{path}: “{term}” has no form for one" for path in code for term in find_plurals(terms[path])),
        *(
            f"{path}: “{piece}” is put together with a value: make it one text with a placeholder"
            for path in templates
            if path.parts[0] == "static"
            for piece in find_pieces(path)
        ),
        *(
            f"{path}: “{found[0]}” puts texts together: make it one with placeholders"
            for path in code
            if path.suffix == ".js"
            for found in JOINED.finditer(path.read_text())
        ),
        *(
            f"{path}: “{number}” is not written as the language of the user writes numbers: use formatInteger"
            for path in [*templates, *code]
            if path.parts[0] == "static"
            for number in find_plain_numbers(path)
        ),
        *(
            f"{path}: “{name}” is a name: write it as Odoo does, such as “Expected Revenue”"
            for path in [*templates, *code]
            if path.suffix != ".py" or path.parts[0] in ("models", "report", "wizard")
            for name in find_plain_names(path)
        ),
        *(
            f"{path}: text-muted has less contrast than 4.5:1 on white: use text-700"
            for path in templates
            if re.search(r"\btext-muted\b", path.read_text())
        ),
    ]
    count = sum(map(len, terms.values()))
    if len(templates) < 50 or count < 300:
        faults.append(f"only {len(templates)} templates and {count} terms were found")
    print("\n".join(faults))
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()

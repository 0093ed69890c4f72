"""Domains, contexts and orders that somebody has written as text: in favourites, automations, rules and settings.

Anybody may have written them, and everybody's pages read them. So what is read is bounded, no function calls itself,
and whatever is wrong with a text is one ``ValueError``.
"""

import ast
from contextlib import contextmanager

from odoo.fields import Domain

# Characters of a text: some 3,000 conditions or 9,000 ids. Longer ones take a tenth of a second and more to parse, each.
MAX_LENGTH = 64 * 1024
# Names in a path, as each is looked up: parent_id.user_id.name has three.
MAX_NAMES = 16
RELATIONAL_OPERATORS = ("any", "any!", "not any", "not any!")
LOGICAL_OPERATORS = ("!", "&", "|")


@contextmanager
def _reading():
    """:raises ValueError: for all that Python, in parsing, and ``Domain`` raise for a text that is wrong or too deep"""
    try:
        yield
    except (MemoryError, OverflowError, RecursionError, SyntaxError, TypeError) as error:
        raise ValueError("This text cannot be read") from error


def parse(text):
    """Parse an expression, which is not evaluated: it may have names in it that only the web client knows.

    :return: the syntax tree, an ``ast`` node
    :raises ValueError: when it is no expression, or longer or deeper than can be read
    """
    if len(text) > MAX_LENGTH:
        raise ValueError(f"This text has more than {MAX_LENGTH} characters")
    with _reading():
        return ast.parse(text.strip(), mode="eval").body


def read_domain(text):
    """:return: ``Domain`` of a text without names in it
    :raises ValueError: when it is none, or longer or deeper than can be read
    """
    tree = parse(text)
    with _reading():
        return Domain(ast.literal_eval(tree))


def read_conditions(text):
    """:return: list of the ``DomainCondition`` of a text without names in it
    :raises ValueError: when it is no domain, or longer or deeper than can be read
    """
    domain = read_domain(text)
    with _reading():
        return list(domain.iter_conditions())


def read_domain_paths(text):
    """:return: list of the paths that a domain has conditions on, wherever they are in the expression; those of a
        subdomain begin with the path that leads there
    :raises ValueError: when it is no expression, or longer or deeper than can be read
    """
    return [path for path, _operator, _value in _iter_nodes(text)]


def iter_conditions(text):
    """Go through the conditions of a domain, wherever they are in the expression.

    :return: iterator of (path, operator, value), those of a subdomain with the path that leads there; the value is None
        where it is an expression
    :raises ValueError: when it is no expression, or longer or deeper than can be read
    """
    for path, operator, node in _iter_nodes(text):
        if operator in RELATIONAL_OPERATORS:
            continue
        try:
            value = ast.literal_eval(node)
        except (MemoryError, RecursionError, SyntaxError, TypeError, ValueError):
            value = None
        yield path, operator, value


def _iter_nodes(text):
    todo = [("", parse(text))]
    while todo:
        prefix, node = todo.pop()
        match getattr(node, "elts", None):
            case [ast.Constant(value=str(name)), ast.Constant(value=str(operator)), value] if (
                name not in LOGICAL_OPERATORS
            ):
                path = prefix + name
                if path.count(".") >= MAX_NAMES:
                    raise ValueError(f"A path has more than {MAX_NAMES} names")
                yield path, operator, value
                if operator in RELATIONAL_OPERATORS:
                    todo.append((f"{path}.", value))
            case _:
                todo.extend((prefix, child) for child in ast.iter_child_nodes(node))


def read_context_paths(text):
    """:return: list of all that is a field, or a field and its granularity, where the context has a text
    :raises ValueError: when it is no dictionary, or longer or deeper than can be read
    """
    tree = parse(text)
    if not isinstance(tree, ast.Dict):
        raise ValueError("This context is no dictionary")
    texts = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    return [text.partition(":")[0] for text in texts if isinstance(text, str)]


def read_order_paths(text):
    """:return: list of the fields of an order, written as a list: ``["name", "date desc"]``
    :raises ValueError: when it is no list of texts, or longer or deeper than can be read
    """
    with _reading():
        orders = ast.literal_eval(parse(text))
    if not isinstance(orders, list) or not all(isinstance(order, str) for order in orders):
        raise ValueError("This order is no list of texts")
    return [order.split()[0].removeprefix("-") for order in orders if order.strip()]


def read_favourite_paths(domain, context, sort):
    """:return: list of the fields that a favourite (``ir.filters``) filters, groups and sorts by
    :raises ValueError: when the web client, too, cannot read it, or it is longer or deeper than can be read
    """
    return [*read_domain_paths(domain), *read_context_paths(context), *read_order_paths(sort)]

"""Texts such as somebody may give for a domain."""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

# what Python's parser, json or a function that calls itself gives up on, each in a way of its own
DEEP = {
    "brackets": "[" * 3000 + "]" * 3000,
    "brackets of another kind": "{" * 150 + "}" * 150,
    "minus": "-" * 5000 + "1",
    "not": "not " * 5000 + "1",
    "sum": "[]" + "+[]" * 3000,
    "sum of contexts": "{}" + "+{}" * 5000,
    "attributes": "a" + ".a" * 5000,
    "calls": "a" + "()" * 5000,
    "choices": "1 if 1 else " * 5000 + "1",
    "powers": "2**" * 5000 + "1",
    "digits": "1" * 5000,
    "operators": repr([*["|", "&"] * 1500, *[("name", "=", "x")] * 3001]),
    "subdomains": "[('parent_id','any'," * 60 + "[]" + ")]" * 60,
}
PIECES = (
    *"[](){},:'\".+-~!&|= \n\\#01",
    *(
        "not ",
        "lambda ",
        " if ",
        " else ",
        " for x in ",
        "None",
        "uid",
        "context_today()",
        "1e999",
        "1j",
        "0x",
    ),
    *(
        "'name'",
        "'='",
        "'any'",
        "'parent_id'",
        "'group_by'",
        "('lifecycle_stage_id', '=', 1)",
        "b'x'",
        "f'{x}'",
    ),
    *("\x00", "\ud800", "é", "🔥", "\u202e", "\U0001d4ea"),
)


def texts(max_pieces=40):
    """:return: strategy of texts, such as somebody may give"""
    return st.one_of(
        st.text(max_size=50),
        st.lists(st.sampled_from(PIECES), max_size=max_pieces).map("".join),
        st.tuples(st.sampled_from(PIECES), st.integers(0, 4000), st.sampled_from(PIECES)).map(
            lambda drawn: drawn[0] * drawn[1] + "1" + drawn[2] * drawn[1]
        ),
        st.sampled_from(list(DEEP.values())),
        st.recursive(
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5)),
            lambda inner: st.one_of(
                st.lists(inner, max_size=3),
                st.tuples(
                    st.sampled_from(("name", "parent_id", "!", "")), st.sampled_from(("=", "any", "&")), inner
                ),
                st.dictionaries(st.text(max_size=5), inner, max_size=2),
            ),
            max_leaves=10,
        ).map(repr),
    )


def generated(examples):
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )

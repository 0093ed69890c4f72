from . import (
    test_call_words,
    test_incoming_mail,
    test_only_people,
    test_outgoing_mail,
    test_rule_connected,
    test_rule_opportunity,
    test_rule_outreach,
    test_who_is_heard,
)

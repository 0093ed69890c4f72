from . import (
    test_command,
    test_conversation,
    test_conversation_access,
    test_conversation_customer,
    test_conversation_status,
    test_discuss_queries,
    test_housekeeping,
    test_inbox_contact,
    test_inbox_conversations,
    test_inbox_panel,
    test_live,
    test_two_people,
)

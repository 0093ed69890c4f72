"""What Odoo says of messages that cannot reach anybody. What counts as sent, ``models/event/mail_thread_outreach.py`` decides."""

# Why Odoo says that a message has not reached somebody whom it cannot reach: there is no address or number, or a wrong
# or blocked one. That our own server or account fails does not mean that nobody has written.
UNREACHABLE = (
    "mail_bl",
    "mail_bounce",
    "mail_dup",
    "mail_email_invalid",
    "mail_email_missing",
    "mail_optout",
    "sms_blacklist",
    "sms_country_not_supported",
    "sms_duplicate",
    "sms_invalid_destination",
    "sms_not_allowed",
    "sms_number_format",
    "sms_number_missing",
    "sms_optout",
    "sms_rejected",
)
NUMBER = r"([0-9][^0-9]*){7}"  # for Odoo also sends to what is none, and the provider refuses

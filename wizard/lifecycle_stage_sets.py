"""The ready-made stage sets (S14): texts only, each translated where it is used, ``env._(text)``."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

# By the last part of their XML ID, which stays where a stage is called otherwise. Those of "conversations" are shipped (``data/lifecycle_stage_data.xml``).
STAGES = {
    "new_lead": {
        "emoji": "🆕",
        "name": _lt("New Lead"),
        "description": _lt("Showed interest for the first time."),
        "entry_criteria": _lt("Wrote to us, or left a way to be reached."),
    },
    "hot_lead": {
        "emoji": "🔥",
        "name": _lt("Hot Lead"),
        "description": _lt("Actively interested and ready to move forward."),
        "entry_criteria": _lt("Asked for a price, an offer or a date."),
    },
    "payment": {
        "emoji": "💵",
        "name": _lt("Payment"),
        "description": _lt("Is considering the offer; the payment is in progress."),
        "entry_criteria": _lt("Has our offer and means to accept it."),
    },
    "customer": {
        "emoji": "🤩",
        "name": _lt("Customer"),
        "description": _lt("Has bought and is a paying customer."),
        "entry_criteria": _lt("Has paid for the first time."),
        "is_won": True,
    },
    "cold_lead": {
        "emoji": "🧊",
        "name": _lt("Cold Lead"),
        "description": _lt("Stopped showing interest and no longer answers."),
        "entry_criteria": _lt("Left several messages of ours without an answer."),
        "is_lost": True,
    },
    "new": {
        "emoji": "✨",
        "name": _lt("New"),
        "description": _lt("Has just come in; nobody has tried to reach them yet."),
        "entry_criteria": _lt("Fits what we offer, and can be reached."),
    },
    "attempting": {
        "emoji": "📞",
        "name": _lt("Attempting"),
        "description": _lt("We are trying to reach them."),
        "entry_criteria": _lt("We sent an email or a message, called, or proposed a meeting."),
    },
    "connected": {
        "emoji": "🤝",
        "name": _lt("Connected"),
        "description": _lt("We talk with each other."),
        "entry_criteria": _lt("Answered an email, a message or a call, or met us."),
    },
    "qualified": {
        "emoji": "✅",
        "name": _lt("Qualified"),
        "description": _lt("Is worth an opportunity."),
        "entry_criteria": _lt("Has the need, the means and the say, and wants it soon."),
    },
    "disqualified": {
        "emoji": "❌",
        "name": _lt("Disqualified"),
        "description": _lt("Will not buy, at least not now."),
        "entry_criteria": _lt("Lacks the need, the means or the say, or asked us to stop."),
        "is_lost": True,
    },
    "prospect": {
        "emoji": "👀",
        "name": _lt("Subscriber"),
        "description": _lt("Knows of us, and hears from us."),
        "entry_criteria": _lt("Subscribed to our news, came to an event, or is somebody we want to reach."),
    },
    "lead": {
        "emoji": "🌱",
        "name": _lt("Lead"),
        "description": _lt("Showed interest and told us who they are."),
        "entry_criteria": _lt("Filled in a form, subscribed or wrote to us."),
    },
    "marketing_qualified_lead": {
        "emoji": "📣",
        "name": _lt("Marketing Qualified Lead"),
        "description": _lt("Interested enough to be handed over to sales."),
        "entry_criteria": _lt("Fits our customers, and came back for more."),
    },
    "sales_qualified_lead": {
        "emoji": "🎯",
        "name": _lt("Sales Qualified Lead"),
        "description": _lt("Sales has checked that there is something to sell."),
        "entry_criteria": _lt("Told a salesperson about their need, and wants to hear more."),
    },
    "opportunity": {
        "emoji": "💼",
        "name": _lt("Opportunity"),
        "description": _lt("There is a deal to win."),
        "entry_criteria": _lt("An opportunity with an expected revenue is open."),
    },
    "other": {
        "emoji": "📁",
        "name": _lt("Other"),
        "description": _lt("Is no customer to win, such as a supplier or a partner."),
        "entry_criteria": _lt("Has to do with us for another reason."),
        "is_lost": True,
    },
    "advocate": {
        "emoji": "💖",
        "name": _lt("Evangelist"),
        "description": _lt("A happy customer who recommends us."),
        "entry_criteria": _lt("Sent us somebody, wrote a review or lends us their name."),
        "is_won": True,
    },
}


def _stages(*keys):
    return {key: STAGES[key] for key in keys}


STAGE_SETS = {
    "conversations": {
        "name": _lt("Conversations (as shipped)"),
        "description": _lt("From the first message in a chat to the payment."),
        "stages": _stages("new_lead", "hot_lead", "payment", "customer", "cold_lead"),
    },
    "lead_pipeline": {
        "name": _lt("Lead pipeline"),
        "description": _lt("For salespersons who approach people and find out who is worth an opportunity."),
        "stages": _stages("new", "attempting", "connected", "qualified", "disqualified"),
    },
    "marketing_funnel": {
        "name": _lt("Marketing funnel"),
        "description": _lt("From the first click to the customer who recommends you."),
        "stages": _stages(
            "prospect",
            "lead",
            "marketing_qualified_lead",
            "sales_qualified_lead",
            "opportunity",
            "customer",
            "advocate",
            "other",
        ),
    },
}

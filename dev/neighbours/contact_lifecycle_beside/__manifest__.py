{
    "name": "Contact Lifecycle: beside others",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "summary": "What has to go on whatever else is installed: only tests",
    "author": "Contact Lifecycle contributors",
    "license": "AGPL-3",
    "depends": ["contact_lifecycle"],
}

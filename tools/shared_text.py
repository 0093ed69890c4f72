"""Texts that all people share, stored or sent to others: in the company's language (H6, decision 16)."""

FALLBACK = "en_US"


def get_shared_lang(env):
    """:return: code of the language of the company in which something happens, whoever caused it"""
    # sudo: res.company, res.partner - which language a company speaks is no secret
    return env.company.sudo().partner_id.lang or FALLBACK


def shared(records):
    """:return: ``records`` with the texts that all people share, also those of their ``env._()``"""
    return records.with_context(lang=get_shared_lang(records.env))


def write_in_all_languages(records, get_texts):
    """Write translated texts for the people of every installed language.

    :param get_texts: function of an environment that returns a dict of texts in its language
    """
    for code, _name in records.env["res.lang"].get_installed():
        in_language = records.with_context(lang=code)
        in_language.write(get_texts(in_language.env))

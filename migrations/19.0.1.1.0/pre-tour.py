"""Say the tag around the last message of the tour: 19.0.1.0.0 left it to Odoo, where it is not the same on every 19.0.

The translations name the text within ``<p>``, and are found for that alone. It starts from the message within
``<span>`` or ``<p>``, also one that somebody has written, or from no tour at all; a second run changes nothing.
"""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE web_tour_tour
           SET rainbow_man_message = (
                   SELECT jsonb_object_agg(
                              lang, regexp_replace(message, '^<span>((?:(?!</?span).)*)</span>$', '<p>\\1</p>')
                          )
                     FROM jsonb_each_text(rainbow_man_message) each_lang(lang, message)
               )
         WHERE name = 'contact_lifecycle_tour' AND rainbow_man_message->>'en_US' LIKE '<span>%'
        """
    )

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools.translate import code_translations

from ..common_event import EventCase

TERM = "connected, reached"
WORDS = {
    "de_DE": "erreicht, gesprochen",
    "es_ES": "conectado, contacto establecido",
    "fr_FR": "contact établi, connecté, connectée",
    "it_IT": "raggiunto, connesso",
    "pt_BR": "conectado, contato estabelecido",
}
# What people write when a call is done, and whether the call has reached the contact.
FEEDBACK = (
    ("en_US", "Connected", True),
    ("en_US", "connected.", True),
    ("en_US", "<p>Connected: wants an offer</p>", True),
    ("en_US", "<p><b>Connected</b></p><p>Wants an offer</p>", True),
    ("en_US", "Connected, call again on Monday", True),
    ("en_US", "Connected \N{EN DASH} wants an offer", True),
    ("en_US", "Connected - wants an offer", True),
    ("en_US", "Reached; has no time", True),
    ("en_US", "", False),
    ("en_US", "Not connected", False),
    ("en_US", "Connected to the wrong person", False),
    ("en_US", "Connected?", False),
    ("en_US", "Re-connected the phone", False),
    ("en_US", "Left a message. Connected later", False),
    ("de_DE", "Erreicht", True),
    ("de_DE", "Erreicht, will ein Angebot", True),
    ("de_DE", "Connected", True),  # the English word counts for all
    ("de_DE", "Erreicht niemanden", False),
    ("de_DE", "Nicht erreicht", False),
    ("fr_FR", "Connecté", True),
    ("fr_FR", "Contact établi. Veut un devis", True),
    ("fr_FR", "Joint le devis par mail, pas de réponse", False),
    ("fr_FR", "Joint", False),
    ("fr_FR", "Contact", False),
    ("es_ES", "Conectado: quiere una oferta", True),
    ("es_ES", "Contactado dos veces, no contesta", False),
    ("es_ES", "Contactado, no contesta", False),
    ("it_IT", "Raggiunto. Vuole un'offerta", True),
    ("it_IT", "Raggiunto nessuno", False),
    ("pt_BR", "Conectado, quer uma proposta", True),
    ("pt_BR", "Contatado, não atendeu", False),
    ("pt_BR", "Contatado", False),
)


@tagged("post_install", "-at_install")
class TestCallWords(EventCase):
    """The word that says that a call has reached the contact, and no sentence that begins with one like it (T2)."""

    def setUp(self):
        super().setUp()
        read = code_translations.get_python_translations

        def translate(module, lang):
            return {**read(module, lang), TERM: WORDS[lang]}

        self.startPatcher(patch.object(code_translations, "get_python_translations", translate))

    def test_feedback(self):
        """T2"""
        for lang in WORDS:
            self.env["res.lang"]._activate_lang(lang)
        call = self.contact.activity_schedule(activity_type_id=self.call_type.id)
        for lang, feedback, connected in FEEDBACK:
            with self.subTest(language=lang, feedback=feedback):
                self.assertEqual(call.with_context(lang=lang)._lifecycle_is_connected(feedback), connected)

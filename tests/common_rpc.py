from .common import LifecycleCase
from .common_patient import PatientCase


class RpcCase(LifecycleCase, PatientCase):
    """Calls over HTTP, as the web client makes them."""

    def log_in(self, user):
        user.password = user.login
        self.authenticate(user.login, user.login)

    def rpc(self, path, **params):
        """:return: the answer to a JSON-RPC request, a dictionary with ``result`` or ``error``"""
        return self.url_open(path, json={"jsonrpc": "2.0", "params": params}).json()

    def call(self, model, method, *args, **kwargs):
        """:return: the answer to the call of a method, a dictionary with ``result`` or ``error``"""
        path = f"/web/dataset/call_kw/{model}/{method}"
        return self.rpc(path, model=model, method=method, args=args, kwargs=kwargs)

    def assertRefused(self, answer, message="", error="AccessError"):
        self.assertIn("error", answer, message)
        self.assertEqual(answer["error"]["data"]["name"], f"odoo.exceptions.{error}", message)

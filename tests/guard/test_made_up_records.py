from odoo.exceptions import AccessError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..common_secret import SECRET, SecretCase


@tagged("post_install", "-at_install")
class TestMadeUpRecords(SecretCase):
    """A form sends records that nobody has saved and that claim to be others: they tell nothing that the user may not
    read (P1, P5).
    """

    def get_ways(self, field, record):
        """:return: the values of a field by which a form says that it is, or has, this record"""
        if field.type == "many2one":
            return [record.id, {"id": record.id}]
        return [[[4, record.id]], [[6, 0, record.ids]], [[1, record.id, {}]]]

    def find_forms(self, user, secrets):
        """:return: list of (model, values, specification): forms that ask for all fields of the addon on a record that
        names a secret one, and on the secret one itself as it is named
        """
        forms, carried = [], set()
        secrets = [record for record in secrets if not record.with_user(user).has_access("read")]
        for model in sorted(self.env.registry):
            if self.env[model]._abstract or not self.env[model].with_user(user).has_access("create"):
                continue
            own = self.get_own_fields(model, user)
            for name, field in self.env[model]._fields.items():
                for record in secrets:
                    if field.comodel_name != record._name:
                        continue
                    specs = [own] if own else []
                    if (record, field.type) not in carried:
                        carried.add((record, field.type))
                        specs.append({name: {"fields": self.get_own_fields(record._name, user)}})
                    forms += [
                        (model, {name: way}, spec) for way in self.get_ways(field, record) for spec in specs
                    ]
        return forms

    def split(self, spec):
        """:return: list of the specifications of the single fields"""
        if len(spec) > 1:
            return [{name: spec[name]} for name in spec]
        [(name, nested)] = spec.items()
        return [{name: {"fields": {sub: subspec}}} for sub, subspec in nested.get("fields", {}).items()]

    def ask_form(self, user, model, values, spec):
        """:return: the answers to a form that opens with these values, and to one in which they have been typed: for all
        fields at once, or, where that is refused, for each alone
        """
        answers = []
        for names in ([], list(values)):

            def ask(spec, names=names):
                return self.ask(user, model, "onchange", [], dict(values), names, spec)

            if answer := ask(spec):
                answers.append(answer)
            elif ask({}):
                answers += filter(None, map(ask, self.split(spec)))
        return answers

    @mute_logger("odoo")
    def test_no_form_tells_a_secret(self):
        """P1, P5"""
        secrets, told, answered = self.make_secrets(), [], 0
        for role, user in self.users.items():
            for model, values, spec in self.find_forms(user, secrets):
                for answer in self.ask_form(user, model, values, spec):
                    answered += 1
                    if self.find_secret(answer):
                        told.append(f"{role}: {model} {values} -> {answer}"[:600])
        self.assertGreater(answered, 100)
        self.assertFalse(told, "\n".join(told))

    @mute_logger("odoo")
    def test_record_that_claims_to_be_a_secret_one(self):
        """P1, P5: what is computed for it is what is computed for an empty one, or refused"""
        told, compared = [], 0
        for record in self.make_secrets():
            for role, user in self.users.items():
                model = record.browse().with_user(user)
                if record.with_user(user).has_access("read"):
                    continue
                for name in self.get_own_fields(record._name, user):
                    if record._fields[name].store or record._fields[name].compute_sudo:
                        continue
                    self.env.invalidate_all()
                    try:
                        value = model.new({}, origin=record)[name]
                    except AccessError:
                        continue
                    compared += 1
                    if value != model.new({})[name]:
                        told.append(f"{role}: {record._name}.{name} is {value!r}")
        self.assertGreater(compared, 20)
        self.assertFalse(told, "\n".join(told))

    def test_lead_that_nobody_has_saved(self):
        """A11, P5: the history and the stage of a contact that the user may read, and of no other"""
        Lead = self.env["crm.lead"].with_user(self.salesman)
        for contact, stage in (
            (self.secret_contact, self.Stage),
            (self.contact, self.new_lead),
            (self.Partner, self.Stage),
        ):
            self.env.invalidate_all()
            lead = Lead.new({"partner_id": contact.id})
            self.assertEqual(lead.lifecycle_stage_id, stage)
            self.assertEqual("New Lead" in (lead.lifecycle_summary or ""), contact == self.contact)
            self.assertNotIn(SECRET, lead.lifecycle_summary or "")

    def test_contact_chosen_in_the_form_of_a_lead(self):
        """A11, P5"""
        other = self.make_contacts(1, self.payment)
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": self.contact.id, "user_id": self.salesman.id}
        )
        with Form(lead.with_user(self.salesman)) as form:
            self.assertEqual(form.lifecycle_stage_id, self.new_lead)
            form.partner_id = other
            self.assertEqual(form.lifecycle_stage_id, self.payment)
        self.assertEqual(other.lifecycle_stage_id, self.payment)
        with self.assertRaises(AccessError), Form(lead.with_user(self.salesman)) as form:
            form.partner_id = self.secret_contact
            self.assertFalse(form.lifecycle_stage_id)

    @mute_logger("odoo")
    def test_lead_saved_with_a_secret_contact(self):
        """A11, P5: Odoo refuses to save it, and the answer tells nothing"""
        spec = {"lifecycle_stage_id": {"fields": {"display_name": {}}}, "lifecycle_summary": {}}
        lead = self.env["crm.lead"].create({"name": "Lead", "user_id": self.salesman.id})
        for ids in ([], lead.ids):
            values = {"name": "Lead", "partner_id": self.secret_contact.id}
            answer = self.ask(self.salesman, "crm.lead", "web_save", ids, values, spec)
            self.assertIsNone(answer)

    def test_lead_stored_with_a_contact_that_is_hidden(self):
        """A11: whoever sees the lead sees the stage of its contact"""
        lead = self.env["crm.lead"].create(
            {"name": "Lead", "partner_id": self.contact.id, "user_id": self.salesman.id}
        )
        self.contact.company_id = self.secret_contact.company_id
        self.env.flush_all()
        self.env.invalidate_all()
        lead = lead.with_user(self.salesman)
        self.assertFalse(lead.partner_id.has_access("read"))
        self.assertEqual(lead.lifecycle_stage_id, self.new_lead)
        self.assertIn("New Lead", lead.lifecycle_summary)
        # also in a form, in which the contact has not been changed
        self.assertEqual(lead.new({}, origin=lead).lifecycle_stage_id, self.new_lead)

    def test_conversation_that_a_user_makes_up(self):
        """I8, P5: nobody learns by it who is in another, or what a hidden contact is called"""
        member = self.secret_guest_channel.channel_member_ids.filtered("guest_id")
        values = {
            "name": "Made up",
            "lifecycle_partner_id": self.secret_contact.id,
            "channel_member_ids": [[4, member.id]],
        }
        channel = self.env["discuss.channel"].with_user(self.agent).new(values)
        self.assertEqual(channel.lifecycle_customer_name, "Made up")
        self.assertFalse(channel.lifecycle_agent_ids)
        self.assertEqual(channel.lifecycle_last_message, "")

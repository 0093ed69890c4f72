import hashlib
from collections import defaultdict
from urllib.parse import quote

from odoo import api, models

from ...tools.move_in.addresses import normalize_email

MAX_LENGTH = 200


class LifecycleImport(models.Model):
    """Who of the contacts here is meant: by the id over there, then the email, then the phone (D1, D3).

    An id of another system is an external id, as Odoo's own imports and exports know it, in a module of its own for each
    source: so two systems have no id in common, the list of contacts exports it, and a merge of contacts takes it along.
    """

    _inherit = "lifecycle.import"

    def _get_namespace(self):
        return f"__lifecycle_{self.source}__"

    @api.model
    def _get_external_name(self, external_id):
        """:return: an id of the other system as a name that Odoo takes: without spaces and dots, and not too long"""
        name = quote(external_id, safe="").replace(".", "%2E")
        if len(name) <= MAX_LENGTH:
            return name
        return f"{name[:100]}-{hashlib.sha256(name.encode()).hexdigest()}"

    def _match(self, rows):
        """Find the contacts of rows, in as many queries for many as for one.

        :return: dict row -> tuple of how it was found and the contact; none where it is new, left out, or to be chosen,
            and then the third is those who could be it
        """
        Partner = self.env["res.partner"].with_context(active_test=False)
        by_id, taken = self._find_by_external_id(rows)
        phones = self._get_phones(rows)
        emails = {row: normalize_email(row.email or "") for row in rows}
        by_email = self._find_by(Partner, "email_normalized", set(filter(None, emails.values())))
        by_phone = self._find_by(Partner, "phone_sanitized", {phone for phone in phones.values() if phone})
        everybody = Partner.union(*by_id.values(), *by_email.values(), *by_phone.values())
        first_rows, made = self._find_first_rows(rows, everybody)
        choices = {
            choice.row_id: choice
            for choice in self.env["lifecycle.import.choice"].search([("row_id", "in", rows.ids)])
        }
        found = {}
        for row in rows:
            how, candidates = "new", Partner
            foreign_id = row._get_foreign_id()
            if foreign_id in by_id:
                how, candidates = "external", by_id[foreign_id]
            elif foreign_id in taken:
                how = "left"
            elif others := by_email.get(emails[row], Partner) - made:
                how, candidates = "email", others
            elif others := by_phone.get(phones[row], Partner) - made:
                how, candidates = "phone", others
            # a contact is one row's, and so is somebody who is new
            token = candidates.id if len(candidates) == 1 else not candidates and emails[row]
            is_first = not token or first_rows.setdefault(token, row.id) == row.id
            if len(candidates) > 1 or not (is_first or how in ("external", "left")):
                found[row] = self._get_choice(choices.get(row), candidates)
            else:
                found[row] = (how, candidates.with_env(self.env), Partner)
        return found

    def _find_first_rows(self, rows, partners):
        """:return: tuple of a dict email, or id of a contact -> id of the first of our rows that has it, and the contacts
        that earlier rows have made, who are nobody else
        """
        emails = {row.email for row in rows if row.email}
        # sudo: lifecycle.import.row - our own
        Row = self.env["lifecycle.import.row"].sudo()
        own = [("import_id", "=", self.id), ("state", "!=", "unreadable")]
        first_rows = dict(Row._read_group([*own, ("email", "in", list(emails))], ["email"], ["id:min"]))
        made = partners.browse()
        if partners:
            of_partners = Row._read_group(
                [*own, ("partner_id", "in", partners.ids), ("id", "<", min(rows.ids))],
                ["partner_id", "match"],
                ["id:min"],
            )
            for partner, match, first_id in of_partners:
                if match == "new":
                    made += partners.browse(partner.id)
                else:
                    first_rows[partner.id] = min(first_id, first_rows.get(partner.id, first_id))
        return first_rows, made

    @api.model
    def _get_choice(self, choice, candidates):
        if choice and choice.choice == "new":
            return ("new", candidates.browse(), candidates.browse())
        if choice and choice.choice == "match" and choice.partner_id in candidates:
            return ("chosen", choice.partner_id, candidates.browse())
        return ("ambiguous", candidates.browse(), candidates)

    def _find_by_external_id(self, rows):
        """:return: tuple of a dict external id -> contact, and the set of those that are of contacts the user may not see"""
        Partner = self.env["res.partner"].with_context(active_test=False)
        if self.source == "partner_stage":
            partners = Partner.search([("id", "in", [int(row.external_id) for row in rows])])
            return {str(partner.id): partner for partner in partners}, set()
        foreign_ids = [row._get_foreign_id() for row in rows]
        names = {self._get_external_name(foreign_id): foreign_id for foreign_id in foreign_ids}
        # sudo: ir.model.data - an owner need not be a technician
        data = (
            self.env["ir.model.data"]
            .sudo()
            .search_fetch(
                [
                    ("module", "=", self._get_namespace()),
                    ("model", "=", "res.partner"),
                    ("name", "in", list(names)),
                ],
                ["name", "res_id"],
            )
        )
        ids = {names[record.name]: record.res_id for record in data}
        readable = {partner.id: partner for partner in Partner.search([("id", "in", list(ids.values()))])}
        # sudo: res.partner - whether they are there at all
        there = set(Partner.sudo().browse(ids.values()).exists().ids)
        by_id = {key: readable[id_] for key, id_ in ids.items() if id_ in readable}
        return by_id, {key for key, id_ in ids.items() if id_ in there and id_ not in readable}

    @api.model
    def _find_by(self, Partner, name, values):
        """:return: dict value -> contacts that have it; the archived ones where no other has"""
        found = defaultdict(lambda: Partner)
        for partner in Partner.search_fetch([(name, "in", list(values))], [name, "active"]) if values else ():
            found[partner[name]] += partner
        return {value: partners.filtered("active") or partners for value, partners in found.items()}

    def _get_phones(self, rows):
        """:return: dict row -> its phone in international form; with the country of the row, else of the company"""
        countries = self._find_countries(rows)
        Partner = self.env["res.partner"]
        return {
            row: row.phone
            and Partner._phone_format(
                number=row.phone, country=countries.get(row.country) or self.company_id.country_id
            )
            for row in rows
        }

    @api.model
    def _find_countries(self, rows):
        """:return: dict what a row says -> ``res.country``"""
        said = {row.country for row in rows if row.country}
        if not said:
            return {}
        found = {}
        for code, _name in self.env["res.lang"].get_installed():
            for country in self.env["res.country"].with_context(lang=code).search_fetch([], ["name", "code"]):
                found.setdefault(country.name.casefold(), country)
                found.setdefault(country.code.casefold(), country)
        return {text: found[text.casefold()] for text in said if text.casefold() in found}

from odoo import models


class LifecycleImport(models.Model):
    """Name, company, phone, email, language, country, tags and salesperson, as the source has them (D1).

    What is empty in the file says nothing, whether a contact is new or there already; and what is filled in here stays
    as it is: so a file that comes again changes nothing (D4).
    """

    _inherit = "lifecycle.import"

    def _write_contacts(self, intents):
        """:param dict intents: row -> ``Intent``; those of new contacts get theirs"""
        if not intents:
            return
        get_vals = self._get_vals_reader(list(intents))
        new = {row: intent for row, intent in intents.items() if not intent.partner}
        partners = self.env["res.partner"]._lifecycle_create_many(
            [get_vals(row) for row in new], [intent.plan.get_stay() for intent in new.values()]
        )
        for intent, partner in zip(new.values(), partners, strict=True):
            intent.partner = partner
        there = {row: intent for row, intent in intents.items() if row not in new}
        if self.source != "partner_stage":
            ids = [intent.partner.id for intent in there.values()]
            for row, intent in there.items():
                partner = intent.partner.with_prefetch(ids)
                vals = {name: value for name, value in get_vals(row).items() if not partner[name] and value}
                vals.pop("name", None)
                if vals:
                    partner.write(vals)
            self._remember_ids(intents)

    def _remember_ids(self, intents):
        """Keep the ids over there, in the namespace of the source."""
        # sudo: ir.model.data - as an import with external ids would
        self.env["ir.model.data"].sudo()._update_xmlids(
            [
                {
                    "xml_id": f"{self._get_namespace()}.{self._get_external_name(row._get_foreign_id())}",
                    "record": intent.partner,
                    "noupdate": True,
                }
                for row, intent in intents.items()
                if intent.match != "external"
            ]
        )

    def _get_vals_reader(self, rows):
        """:return: function of a row that returns the values of its contact"""
        countries = self._find_countries(rows)
        users = self._find_salespersons({row.owner for row in rows if row.owner})
        languages = {}
        for code, _name in self.env["res.lang"].get_installed():
            languages.setdefault(code.casefold(), code)
            languages.setdefault(code.partition("_")[0].casefold(), code)
        tags = self._find_tags({tag for row in rows for tag in row.tags or ()})

        def get_vals(row):
            language = (row.language or "").replace("-", "_").casefold()
            user_id = users.get((row.owner or "").casefold())
            found = {
                "name": row.name or row.email or row.phone or row.external_id,
                "company_name": row.company,
                "phone": row.phone,
                "email": row.email,
                "lang": languages.get(language) or languages.get(language.partition("_")[0]),
                "country_id": row.country in countries and countries[row.country].id,
                "category_id": [(4, tags[tag]) for tag in row.tags or ()],
                "user_id": user_id,
            }
            return {name: value for name, value in found.items() if value}

        return get_vals

    def _find_tags(self, names):
        """:return: dict name -> id of the tag of contacts, made where there is none"""
        if not names:
            return {}
        Tag = self.env["res.partner.category"]
        found = {tag.name: tag.id for tag in Tag.search([("name", "in", list(names))], order="id desc")}
        missing = sorted(names - found.keys())
        return {
            **found,
            **dict(zip(missing, Tag.create([{"name": name} for name in missing]).ids, strict=True)),
        }

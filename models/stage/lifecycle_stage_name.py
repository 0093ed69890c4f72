import re
import unicodedata
from itertools import count

from odoo import api, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ...tools.remote_input import browse_untrusted_id, shorten

ENGLISH = "en_US"
MAX_NAME_LENGTH = 64
MAX_EMOJI_LENGTH = 32  # code points: four people with skin tones have eleven
# Nobody sees them in a name: the variation selectors of an emoji, soft hyphens, and spaces of no width.
INVISIBLE = dict.fromkeys(map(ord, "\ufe0e\ufe0f\u00ad\u200b\u2060\ufeff"))

# One emoji as Unicode builds it: a flag, a keycap, or pictographs (with their variation, skin tone
# or tag modifiers) joined by zero-width joiners.
EMOJI = re.compile(
    r"""
    (?:
        [\U0001F1E6-\U0001F1FF]{2}
        | [0-9#*]\uFE0F?\u20E3
        | (?P<pictograph>
            [\u00A9\u00AE\u203C\u2049\u2122\u2139\u2190-\u21FF\u2300-\u23FF\u24C2\u25A0-\u27BF
             \u2900-\u297F\u2B00-\u2BFF\u3030\u303D\u3297\u3299\U0001F000-\U0001F1E5\U0001F200-\U0001FAFF]
            [\uFE0F\U0001F3FB-\U0001F3FF\U000E0020-\U000E007F]*
          )
          (?:\u200D[\u2190-\u27BF\u2B00-\u2BFF\U0001F000-\U0001FAFF][\uFE0F\U0001F3FB-\U0001F3FF]*)*
    )
    """,
    re.VERBOSE,
)


def normalize_name(text):
    """Make alike what people and files mean by one name of a stage (A12).

    Case, surrounding and repeated spaces, the one between emoji and name, accents composed or not, and variation
    selectors do not count.
    """
    text = " ".join(text.translate(INVISIBLE).split())
    if emoji := EMOJI.match(text):
        text = emoji.group() + text[emoji.end() :].lstrip()
    return unicodedata.normalize("NFC", text.casefold())


class LifecycleStage(models.Model):
    """The name of a stage: no two have the same, and it is found however it is written (A6, A12)."""

    _inherit = "lifecycle.stage"

    @api.model
    def _search_display_name(self, operator, value):
        """Find a stage by its name or by its emoji and name, as exports write it, however it is written."""
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # the ORM asks for the opposite and turns it round
        if operator not in ("=", "in", "like", "ilike"):
            return super()._search_display_name(operator, value)
        texts = [
            text for text in ([value] if isinstance(value, str) else value or []) if isinstance(text, str)
        ]
        way = str.__eq__ if operator in ("=", "in") else str.__contains__
        found = self.browse().union(*(self._find_named(text, way) for text in texts))
        domain = Domain("id", "in", found.ids)
        # what is typed may be a pattern
        return (
            domain
            if operator in ("=", "in")
            else domain | Domain(super()._search_display_name(operator, value))
        )

    @api.constrains("name")
    def _check_name(self):
        for code in self._get_languages():
            for stage in self.with_context(lang=code):
                if not normalize_name(stage.name or ""):
                    raise ValidationError(self.env._("A stage needs a name: enter one."))
                if len(stage.name) > MAX_NAME_LENGTH:
                    raise ValidationError(
                        self.env._(
                            "The name of a stage has at most %(max)s characters, this one has %(count)s: shorten it.",
                            max=MAX_NAME_LENGTH,
                            count=len(stage.name),
                        )
                    )

    @api.constrains("emoji")
    def _check_emoji(self):
        for stage in self:
            if stage.emoji and not (len(stage.emoji) <= MAX_EMOJI_LENGTH and EMOJI.fullmatch(stage.emoji)):
                raise ValidationError(
                    self.env._(
                        "“%(value)s” is not one emoji: choose one from the picker, or leave the field empty.",
                        value=shorten(stage.emoji),
                    )
                )

    @api.constrains("name", "emoji")
    def _check_name_is_free(self):
        """In no language two stages have one name, nor does one read as the emoji and name of another (A12)."""
        self._lock_structure()
        for code, language in self._get_languages().items():
            ids = {}  # name -> id of the stage
            for stage_id, names in self._read_names(code):
                for name in names:
                    other_id = ids.setdefault(name, stage_id)
                    if other_id != stage_id and not {stage_id, other_id}.isdisjoint(self.ids):
                        other = self.browse(stage_id if other_id in self.ids else other_id)
                        raise ValidationError(other._get_name_taken_message(code, language))

    def _get_name_taken_message(self, code, language):
        name = self.with_context(lang=code).display_name
        if code == (self.env.lang or ENGLISH):
            return self.env._("There is a stage called “%(name)s” already: choose another name.", name=name)
        return self.env._(
            "There is a stage called “%(name)s” already, in %(language)s: choose another name.",
            name=name,
            language=language,
        )

    @api.model_create_multi
    def create(self, vals_list):
        stages = super().create(vals_list)
        if stages:
            self.env.registry.clear_cache()
        return stages

    def write(self, vals):
        result = super().write(vals)
        if self and not {"name", "emoji"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def copy(self, default=None):
        """Call a copy what it is, in every language, as no two stages have one name."""
        copies = [
            super(LifecycleStage, stage).copy({"name": stage._get_copy_name(), **(default or {})})
            for stage in self
        ]
        return self.browse().concat(*copies)

    def _get_copy_name(self):
        """:return: a name that no stage has in any language: “Lead (copy)”, “Lead (copy 2)”"""
        self.ensure_one()
        taken = {
            name for code in self._get_languages() for _id, names in self._read_names(code) for name in names
        }

        def get_name(number, stage):
            if number == 1:
                return self.env._("%(stage)s (copy)", stage=stage)
            return self.env._("%(stage)s (copy %(number)s)", stage=stage, number=number)

        for number in count(1):
            excess = max(len(get_name(number, self.name)) - MAX_NAME_LENGTH, 0)
            name = get_name(number, self.name[: len(self.name) - excess])
            if normalize_name(name) not in taken:
                return name

    # ------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Look up a name without a query where an import does, for each of its rows (A6).

        :raises UserError: when more than one stage is called so, rather than take the first
        """
        if operator != "=" or domain or not isinstance(name, str):
            return super().name_search(name, domain, operator, limit)
        self.check_access("read")
        return [(stage.id, stage.display_name) for stage in self._get_named(name)]

    @api.model
    def _get_named(self, text):
        """:return: the stage that ``text`` names, or none
        :raises UserError: when more than one is called so, as they are in a language that was added since
        """
        stages = self._find_named(text)
        if len(stages) > 1:
            raise UserError(
                self.env._("More than one stage is called “%(name)s”: rename one.", name=shorten(text))
            )
        return stages

    @api.model
    def _find_named(self, text, *ways):
        """Find stages by name, without and with the emoji: in the user's language, else in English (A12).

        :param str text: as somebody has written it
        :param ways: how to compare a stage's name with it, one after the other until some stage is found:
            ``str.__eq__`` where nothing is given, ``str.startswith``, ``str.__contains__``
        :return: ``lifecycle.stage``, none of which is being deleted
        """
        text = normalize_name(text)
        if text:
            for code in (self.env.lang or self.env.user.lang or ENGLISH, ENGLISH):
                for way in ways or (str.__eq__,):
                    ids = [
                        id_ for id_, names in self._get_names(code) if any(way(name, text) for name in names)
                    ]
                    if ids:
                        return self.browse(ids)
        return self.browse()

    @api.model
    @tools.ormcache("code")
    def _get_names(self, code):
        return self._read_names(code)

    @api.model
    def _read_names(self, code):
        """:param str code: of a language
        :return: tuple of (id, (normalised name, emoji and name)) of the stages that are not being deleted, in order
        """
        # sudo: lifecycle.stage - a name is compared with those of all stages
        stages = self.sudo().with_context(lang=code).search([("deletion_pending", "=", False)])
        return tuple(
            (stage.id, (normalize_name(stage.name), normalize_name(f"{stage.emoji or ''} {stage.name}")))
            for stage in stages
        )

    @api.model
    def _get_languages(self):
        """:return: dict code -> name of the languages that a stage can have a name in"""
        return {ENGLISH: ENGLISH, **dict(self.env["res.lang"].get_installed())}

    @api.model
    def _from_value(self, value):
        """Find the stage that ``value`` names, for everybody who sets one by id or by name (A6).

        :param value: id, name (with or without its emoji), ``lifecycle.stage`` record, or a false value
        :return: ``lifecycle.stage``, one record or none
        :raises UserError: when there is no such stage, or more than one
        """
        Stage = self.sudo()  # sudo: lifecycle.stage - its existence is no secret to an agent
        if not value:
            return self.browse()
        if isinstance(value, str):
            stage = Stage._get_named(value)
        else:
            # whether a record is there is seen as it is locked, before anything enters it
            stage = value.sudo() if isinstance(value, type(Stage)) else browse_untrusted_id(Stage, value)
        if not stage:
            raise UserError(
                self.env._(
                    "There is no stage “%(name)s”: choose one of %(stages)s.",
                    name=shorten(value),
                    stages=", ".join(Stage.search([("deletion_pending", "=", False)]).mapped("name")),
                )
            )
        return stage.sudo(self.env.su)

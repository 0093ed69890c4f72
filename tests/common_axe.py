"""axe-core, which looks for what keeps people from using a page, and what of Odoo's own it finds on every page."""

import json
import os
from pathlib import Path

AXE = os.environ.get("CONTACT_LIFECYCLE_AXE", "")

# (rule, selector of Odoo's own elements): what they are; each is met on some screen
ODOO_HAS_IT_SO = {
    (
        "aria-allowed-attr",
        ".o-navigable, .o_tag",
    ): "keys mark the item of a menu that they are at as selected",
    ("aria-allowed-attr", ".o_searchview, .o_searchview *"): "the search bar",
    ("aria-allowed-attr", ".o-autocomplete--input"): "the field of a list to choose from",
    ("aria-allowed-attr", "div.o-dropdown"): "a dropdown that is no button",
    ("aria-allowed-role", ".o_kanban_record"): "a card is an article that is a link",
    ("aria-command-name", ".o_searchview_facet_label"): "the icon of a filter",
    ("aria-command-name", ".o_bottom_sheet_handle"): "what one draws a menu down by on a phone",
    ("aria-dialog-name", ".o_technical_modal"): "dialogs do not refer to their title",
    ("aria-dialog-name", ".o_bottom_sheet_sheet"): "menus on a phone are dialogs without a name",
    ("aria-prohibited-attr", ".o-mail-Message-avatarContainer"): "the picture of an author",
    ("aria-required-parent", "[role=listitem]:has(> .o_searchview_facet_label)"): "a filter is in no list",
    ("aria-required-parent", ".o_notebook .nav-link"): "the tabs of a form are in no list of tabs",
    ("aria-required-parent", ".settings_tab .tab"): "the tabs of settings",
    ("autocomplete-valid", ".o_select_menu_input"): "a list to choose from has a value of its own there",
    ("button-name", ".o_search_panel > button"): "the button that folds the panel at the left",
    ("button-name", ".o_optional_columns_dropdown button"): "the button for more columns",
    (
        "button-name",
        ".o_control_panel button:not([class*='o_contact_lifecycle'])",
    ): "buttons above a view that are icons alone on a phone",
    ("button-name", ".o-mail-DiscussContent button.text-dark"): "the button for tags of a live chat",
    ("color-contrast", ".o_pivot .text-muted"): "the headings of measures",
    ("color-contrast", ".o_setting_box .text-muted *"): "the help of a setting",
    ("color-contrast", ".o-mail-Thread *"): "dates of messages",
    ("color-contrast", ".o_column_title.opacity-50, .o_column_title.opacity-50 *"): "a column that is folded",
    ("color-contrast", ".o_data_row.text-muted > td"): "rows in grey, for what is off or was left alone",
    ("color-contrast", "[name=action_server_ids] .text-muted"): "an automation that does nothing",
    ("color-contrast", ".o_xxs_form_view .o_form_label"): "labels on a phone",
    ("empty-table-header", ".o_list_table th:not([data-name])"): "columns of tick boxes and buttons",
    ("empty-table-header", ".o_list_table .o_handle_cell"): "the column to drag rows by",
    ("empty-table-header", ".o_pivot th, .o_activity_view_table th"): "the corner of a table",
    (
        "image-alt",
        ".o_avatar img, .o_m2m_avatar, .o-mail-Message-avatar",
    ): "pictures of people beside their names",
    ("heading-order", ".modal-title"): "the title of a dialog, whatever is behind it",
    ("label", ".o_list_table .o-checkbox input"): "tick boxes in lists",
    ("label", "input:has(+ .o-livechat-LivechatStatusSelection-Label)"): "the status of a live chat",
    ("label-title-only", ".o-mail-DiscussContent-threadName"): "the name of a conversation",
    ("landmark-main-is-top-level", "main.o_content"): "the main part of a dialog's view",
    ("landmark-no-duplicate-banner", ".modal-header, .o_search_panel_section_header"): "headers of parts",
    ("landmark-no-duplicate-main", ".modal-body, main.o_content"): "a view has a main part, a dialog too",
    ("landmark-unique", "main.o_content, .o_cp_searchview"): "a view behind a dialog has them as well",
    (
        "nested-interactive",
        "button:has(.o-livechat-LivechatStatusSelection-Label)",
    ): "the status of a live chat",
    ("role-img-alt", ".o_searchview i, .o_searchview_facet_label i"): "icons of filters",
    ("role-img-alt", ".o_attachment .o_image"): "the picture of a file beside its name",
    ("role-img-alt", ".o-mail-Chatter i"): "icons of the chatter",
    ("role-img-alt", ".o-mail-ActivityButton i"): "the clock of activities",
    ("scrollable-region-focusable", ".o_pivot"): "a wide table",
}

LOOK = """
(async ({ roots, exceptions, seen, login }) => {
    const include = [...document.querySelectorAll(roots)].filter((el) => el.checkVisibility());
    const markup = include.map((el) => el.outerHTML).join().replaceAll(login, "").replace(/\\d+/g, "");
    let hash = 0;
    for (let i = 0; i < markup.length; i++) {
        hash = (Math.imul(hash, 31) + markup.charCodeAt(i)) | 0;
    }
    const answer = { found: [], used: [], hash };
    if (!include.length || seen.includes(hash)) {
        return answer;
    }
    const { violations } = await axe.run({ include }, { elementRef: true, resultTypes: ["violations"] });
    for (const { id, impact, nodes } of violations) {
        for (const { element, failureSummary } of nodes) {
            const index = exceptions.findIndex(
                ([rule, selector]) => rule === id && element.matches(selector)
            );
            if (index === -1) {
                const html = element.outerHTML.replace(/\\s+/g, " ").slice(0, 300);
                answer.found.push([id, impact, html, failureSummary]);
            } else {
                answer.used.push(index);
            }
        }
    }
    return answer;
})(%s)
"""


class Looker:
    """Has axe-core look at pages, at those that are the same for several people once."""

    def __init__(self):
        self.used = set()  # those of ODOO_HAS_IT_SO that were met
        self.seen = set()  # (width, hash of the markup)

    def look(self, person, roots):
        """:return: list of [rule, impact, element, why], what axe-core finds in the elements that are ``roots``"""
        if not person.evaluate("Boolean(window.axe)"):
            person.evaluate(Path(AXE).read_text() + "; true")
        exceptions = list(ODOO_HAS_IT_SO)
        answer = person.evaluate(
            LOOK
            % json.dumps(
                {
                    "roots": roots,
                    "exceptions": exceptions,
                    "seen": [mark for size, mark in self.seen if size == person.size["width"]],
                    "login": person.login,
                }
            )
        )
        self.used |= {exceptions[index] for index in answer["used"]}
        self.seen.add((person.size["width"], answer["hash"]))
        return answer["found"]

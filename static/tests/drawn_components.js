// @odoo-module ignore

/* global owl */

/**
 * Says once in the log of the browser which of our components the tests draw (tests/test_hoot.py reads it): each asks for
 * its template as it is mounted, whatever page it is on. It runs before the tests' own modules, of which each file has
 * other ones.
 */
(() => {
    const { App } = owl;
    const { getTemplate } = App.prototype;
    const { log } = console;
    const drawn = new Set();
    App.prototype.getTemplate = function (name) {
        if (String(name).startsWith("contact_lifecycle.") && !drawn.has(name)) {
            drawn.add(name);
            log(`[contact_lifecycle] drawn: ${name}`);
        }
        return getTemplate.apply(this, arguments);
    };
})();

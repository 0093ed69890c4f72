#!/usr/bin/env bash
# luxon 3.7.2 on Node's own Intl: the narrow style of relative times. Expected: shorter words for "2 hours ago" in every
# language. Seen: a minus sign and no word for "ago" in French, so that it reads as a number below zero.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit --prefix . luxon@3.7.2 >/dev/null
cat >see.cjs <<'JS'
const { DateTime } = require("luxon");
const base = DateTime.utc(2026, 6, 1, 12);
const say = (locale, style) => base.minus({ hours: 2 }).setLocale(locale).toRelative({ base, style });
const seen = {};
for (const locale of ["en", "fr", "de", "es"]) {
    seen[locale] = say(locale, "narrow");
    console.log(`${locale}: narrow "${seen[locale]}", short "${say(locale, "short")}"`);
}
process.exit(/^-\s?2/.test(seen.fr) && !/^-/.test(seen.en) && !/^-/.test(say("fr", "short")) ? 0 : 1);
JS
node see.cjs

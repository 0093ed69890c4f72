#!/usr/bin/env bash
# luxon 3.7.2: the beginning of the week where it has been told that weeks begin on Sunday. Expected: startOf("week") goes by
# that setting. Seen: it stays with Monday, and so does hasSame(..., "week"); both want the option useLocaleWeeks as well.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-fund --no-audit --prefix . luxon@3.7.2 >/dev/null
cat >see.cjs <<'JS'
const { DateTime, Settings } = require("luxon");
Settings.defaultWeekSettings = { firstDay: 7, minimalDays: 1, weekend: [6, 7] };
const sunday = DateTime.utc(2026, 6, 7);
const plain = sunday.startOf("week").toISODate();
const asked = sunday.startOf("week", { useLocaleWeeks: true }).toISODate();
const same = sunday.hasSame(sunday.plus({ days: 1 }), "week");
console.log(`the week of Sunday, ${sunday.toISODate()}, begins on ${plain}; with useLocaleWeeks on ${asked}`);
console.log(`its day ${sunday.localWeekday} and the next day are in ${same ? "one week" : "two weeks"}`);
process.exit(plain === "2026-06-01" && asked === "2026-06-07" && sunday.localWeekday === 1 && !same ? 0 : 1);
JS
node see.cjs

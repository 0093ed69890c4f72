#!/usr/bin/env bash
# n8n-nodes-base 2.41.2, its node for Odoo: setting a field that points to a record. Expected: the id that Odoo wants, a
# number. Seen: although Odoo has told it that the field is a many2one, the node offers it as a text and sends the text as it
# is, and compares with a text; only in filters by "in" does it make numbers of the digits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent n8n-nodes-base@2.41.2 >/dev/null
tar -xzf n8n-nodes-base-2.41.2.tgz --wildcards 'package/dist/nodes/Odoo/v2/*'
cat >see.cjs <<'JS'
const Module = require("node:module");
const load = Module._load;
// What the node takes from n8n, which is not needed to see what it sends.
Module._load = (name, ...rest) =>
    name === "n8n-workflow"
        ? { NodeApiError: Error, randomInt: () => 1 }
        : name.endsWith("/utils/utilities")
          ? { updateDisplayOptions: (options, properties) => properties }
          : load(name, ...rest);
const node = "./package/dist/nodes/Odoo/v2";
const parameters = {
    authentication: "odooApiKeyApi",
    operation: "update",
    customResource: "res.partner",
    recordId: "7",
    "fieldsToSend.mappingMode": "defineBelow",
    "fieldsToSend.value": { country_id: "2" },
};
const sent = [];
const answer = { country_id: { string: "Country", type: "many2one", readonly: false } };
const n8n = {
    getNodeParameter: (name) => parameters[name],
    getCredentials: async () => ({ url: "http://localhost", db: "x" }),
    helpers: {
        httpRequestWithAuthentication: async (credentials, { url, body }) =>
            url.endsWith("/fields_get") ? answer : (sent.push(body), true),
        constructExecutionMetaData: (data) => data,
        returnJsonArray: (data) => [data],
    },
};
(async () => {
    const { fields } = await require(`${node}/methods/resourceMapping`).getOdooFields.call(n8n);
    await require(`${node}/actions/custom/update.operation`).execute.call(n8n, [{ json: {} }]);
    const { buildDomain } = require(`${node}/helpers/utils`);
    const filter = (operator) => buildDomain({ filter: [{ fieldName: "country_id", operator, value: "2" }] })[0][2];
    const seen = [fields[0].type, sent[0].vals.country_id, filter("equal"), filter("in")];
    console.log("offered as, sent, compared, compared by in:", JSON.stringify(seen));
    process.exit(JSON.stringify(seen) === '["string","2","2",[2]]' ? 0 : 1);
})();
JS
node see.cjs

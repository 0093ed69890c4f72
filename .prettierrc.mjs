import { createRequire } from "node:module";

// dev/lint names the folder of the Node packages in NODE_PATH.
const require = createRequire(import.meta.url);

export default {
    plugins: [require.resolve("@prettier/plugin-xml")],
    printWidth: 100,
    tabWidth: 4,
    bracketSpacing: true,
    xmlQuoteAttributes: "double",
    xmlSelfClosingSpace: false,
    xmlSortAttributesByKey: false,
    xmlWhitespaceSensitivity: "preserve",
    overrides: [{ files: ["*.yml", "*.yaml"], options: { tabWidth: 2 } }],
};

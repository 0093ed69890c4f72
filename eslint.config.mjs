import { createRequire } from "node:module";

// dev/lint names the folder of the Node packages in NODE_PATH.
const require = createRequire(import.meta.url);
const js = require("@eslint/js");
const globals = require("globals");

export default [
    js.configs.recommended,
    {
        languageOptions: { ecmaVersion: 2022, sourceType: "module" },
        linterOptions: { reportUnusedDisableDirectives: "error" },
    },
    { files: ["**/*.mjs"], languageOptions: { globals: globals.node } },
    {
        // The rules of Odoo's own web/tooling and test_lint.
        files: ["static/**/*.js"],
        languageOptions: {
            globals: { ...globals.browser, odoo: "readonly", luxon: "readonly", Chart: "readonly" },
        },
        rules: {
            "arrow-body-style": ["error", "as-needed"],
            curly: ["error", "all"],
            eqeqeq: "error",
            "no-duplicate-imports": "error",
            "no-restricted-globals": ["error", "event", "self"],
            "no-restricted-syntax": [
                "error",
                "PrivateIdentifier",
                {
                    selector:
                        "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='props'][static=true]))",
                    message: "A component declares static props.",
                },
                {
                    selector:
                        "ClassDeclaration[superClass.name='Component']:not(:has(ClassBody.body > PropertyDefinition[key.name='template'][static=true]))",
                    message: "A component declares its static template.",
                },
                {
                    selector: "TemplateLiteral TemplateLiteral",
                    message: "The minifier drops blanks within it: give the inner one a name.",
                },
                {
                    selector: "CallExpression[callee.name='_t'] > :first-child[value=/(.*%s){2,}/]",
                    message: "Name the placeholders: translators may have to reorder them.",
                },
                {
                    selector:
                        "CallExpression[callee.property.name='add'][callee.object.property.name='notification'] > Literal:first-child",
                    message: "What the user reads is translated: wrap it in _t().",
                },
                {
                    selector:
                        "Property[key.name=/^(description|help|label|name|placeholder|text|title)$/] > Literal[value=/^[A-Z][a-z]/]",
                    message: "What the user reads is translated: wrap it in _t().",
                },
                {
                    selector:
                        ":not(CallExpression[callee.name='_t'], NewExpression) > Literal[value=/^[A-Z][a-z]+,? [A-Za-z]/]",
                    message: "What the user reads is translated: wrap it in _t().",
                },
                {
                    selector: "TemplateElement[value.raw=/^[A-Z][a-z]+,? [A-Za-z]/]",
                    message: "What the user reads is translated: wrap it in _t().",
                },
            ],
            "no-unused-vars": ["error", { args: "none", caughtErrors: "all" }],
            "prefer-const": ["error", { destructuring: "all", ignoreReadBeforeAssign: true }],
        },
    },
    {
        files: ["static/tests/**/*.js"],
        rules: {
            "no-restricted-syntax": [
                "error",
                {
                    selector:
                        "CallExpression > MemberExpression.callee[object.name=/^(describe|test)$/][property.name=/^(debug|only|skip|todo)$/]",
                    message: "No test.only or the like: every test is run, every time.",
                },
            ],
        },
    },
];

import tseslint from "typescript-eslint";

export default tseslint.config(
    { ignores: ["**/node_modules", "**/bin", ".cache", "bench/peers", "tests/**/programs"] },
    ...tseslint.configs.recommended,
    {
        files: ["**/*.ts"],
        rules: {
            "no-restricted-syntax": [
                "error",
                { selector: "ExportDefaultDeclaration", message: "Named exports only." },
            ],
            "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
            eqeqeq: "error",
        },
    },
);

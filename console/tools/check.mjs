/*
 * Holds the sources against the catalogue of words:  node tools/check.mjs [FOLDER]
 *
 * Every key of words/ is used and every key that is used stands there; a screen names the packs whose
 * words it uses; no text that a user reads stands in a .tsx file itself. FOLDER is another console's, for
 * the test of this check. Exits with 1 and a line for each problem.
 */
import ts from "typescript";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

import { ALWAYS, readWords } from "./words.mjs";

const root = resolve(process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url)));

/* Attributes of elements and parts that a user reads or hears. */
const SPOKEN = new Set([
	"title", "label", "hint", "text", "summary", "placeholder", "alt", "caption", "action", "reason",
	"aria-label", "aria-description", "aria-placeholder", "aria-roledescription", "aria-valuetext",
]);
/* The name of the program is the same in every language. */
const NAME = /Jembatan/g;

function sources(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return sources(path);
		return /\.tsx?$/.test(path) ? [path] : [];
	});
}

function parsed(path) {
	const kind = path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
	return ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true, kind);
}

function walk(node, visit) {
	visit(node);
	ts.forEachChild(node, (child) => walk(child, visit));
}

const hasLetters = (text) => /\p{L}{2}/u.test(text.replace(NAME, ""));

/* A text that stands in the page as it stands in the source, or null. */
function untranslated(node) {
	if (ts.isJsxText(node) && hasLetters(node.text)) return node.text.trim();
	if (ts.isJsxExpression(node) && !ts.isJsxAttribute(node.parent) && node.expression)
		return literalIn(node.expression);
	if (!ts.isJsxAttribute(node) || !SPOKEN.has(node.name.getText()) || !node.initializer) return null;
	if (ts.isStringLiteral(node.initializer)) return hasLetters(node.initializer.text) ? node.initializer.text : null;
	return ts.isJsxExpression(node.initializer) && node.initializer.expression
		? literalIn(node.initializer.expression)
		: null;
}

/* The words in an expression whose value is shown: `x ? "a" : t("b")`, `count && "a"`, templates. */
function literalIn(expression) {
	if (ts.isStringLiteral(expression) || ts.isNoSubstitutionTemplateLiteral(expression))
		return hasLetters(expression.text) ? expression.text : null;
	if (ts.isTemplateExpression(expression)) {
		const texts = [expression.head, ...expression.templateSpans.map((span) => span.literal)];
		return texts.map((part) => part.text).find(hasLetters) ?? null;
	}
	if (ts.isConditionalExpression(expression))
		return literalIn(expression.whenTrue) ?? literalIn(expression.whenFalse);
	if (ts.isParenthesizedExpression(expression)) return literalIn(expression.expression);
	if (ts.isBinaryExpression(expression) && !/[=<>]/.test(expression.operatorToken.getText()))
		return literalIn(expression.right);
	return null;
}

const { packs, problems } = readWords(join(root, "words"));
const known = new Map(
	Object.entries(packs).flatMap(([pack, entries]) => Object.keys(entries).map((key) => [key, pack])),
);
const usedIn = new Map();
const files = new Map(sources(join(root, "src")).map((path) => [path, parsed(path)]));
const looksLikeKey = new RegExp(`^(${Object.keys(packs).join("|")})\\.[a-zA-Z]\\w*$`);

for (const [path, file] of files) {
	const keys = new Set();
	walk(file, (node) => {
		const text = untranslated(node);
		const line = () => file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
		if (text !== null && !known.has(text))
			problems.push(`${relative(root, path)}:${line()}: "${text}" is not in words/`);
		if (!ts.isStringLiteralLike(node)) return;
		if (known.has(node.text)) keys.add(node.text);
		else if (looksLikeKey.test(node.text) && !ts.isImportDeclaration(node.parent))
			problems.push(`${relative(root, path)}:${line()}: words/ has no key ${node.text}`);
	});
	usedIn.set(path, keys);
}

const used = new Set([...usedIn.values()].flatMap((keys) => [...keys]));
for (const [key, pack] of known)
	if (!used.has(key)) problems.push(`words/${pack}.json: ${key} is used nowhere`);

/* The files that come with a screen: what it imports, and what that imports. */
function reached(path, seen = new Set()) {
	if (seen.has(path) || !files.has(path)) return seen;
	seen.add(path);
	for (const statement of files.get(path).statements) {
		if (!ts.isImportDeclaration(statement) || statement.importClause?.isTypeOnly) continue;
		const from = statement.moduleSpecifier.text;
		if (!from.startsWith(".")) continue;
		const base = join(dirname(path), from);
		const found = [`${base}.ts`, `${base}.tsx`].find((one) => existsSync(one));
		if (found) reached(found, seen);
	}
	return seen;
}

/* Rows of the table of routes: { screen, packs } of each { load: () => import("..."), packs: [...] }. */
function routeRows() {
	const rows = [];
	const path = join(root, "src/routes.ts");
	if (!files.has(path)) return rows;
	walk(files.get(path), (node) => {
		if (!ts.isObjectLiteralExpression(node)) return;
		const text = node.getText();
		const screen = /import\("\.\/(.+?)"\)/.exec(text)?.[1];
		const named = /packs:\s*\[(.*?)\]/.exec(text)?.[1] ?? "";
		if (screen) rows.push({ screen, packs: [...named.matchAll(/"(.+?)"/g)].map((m) => m[1]) });
	});
	return rows;
}

for (const { screen, packs: named } of routeRows()) {
	const path = join(root, "src", `${screen}.tsx`);
	const keys = [...reached(path)].flatMap((one) => [...(usedIn.get(one) ?? [])]);
	const needed = new Set(keys.map((key) => known.get(key)));
	for (const pack of needed)
		if (!ALWAYS.includes(pack) && !named.includes(pack)) problems.push(`src/routes.ts: ${screen} uses words of "${pack}", which its row doesn't name`);
}

if (problems.length) {
	console.error(problems.join("\n"));
	process.exit(1);
}

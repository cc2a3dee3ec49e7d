/*
 * Builds the console:  node build.mjs [FOLDER]     (FOLDER is ../build/console when left out)
 *
 * The folder is the whole site: index.html, sw.js (the service worker), files.json (what there is and
 * how large), and assets/ whose names carry a hash of their content, so that they can be kept for
 * ever. Each text has a twin that is compressed already (.gz). The build fails when words are missing
 * or when the first load, compressed, is more than BUDGET_BYTES.
 */
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { borrowed, classesUsed } from "./tools/styles.mjs";
import { readWords, writeWords } from "./tools/words.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = resolve(process.argv[2] ?? join(here, "../build/console"));
const site = `${target}.new`;
const BUDGET_BYTES = 120 * 1024;
const COMPRESSED = /\.(js|css|html|json|svg|webmanifest)$/;

const common = {
	absWorkingDir: here,
	bundle: true,
	minify: true,
	format: "esm",
	target: ["chrome109", "firefox115"],
	legalComments: "none",
	logLevel: "warning",
};

function fail(sentence) {
	console.error(sentence);
	process.exit(1);
}

function sources(folder) {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		if (entry.isDirectory()) return sources(path);
		return /\.(tsx?|css|html)$/.test(path) ? [readFileSync(path, "utf8")] : [];
	});
}

/* `@import "govuk"` in our style sheet stands for the part of GOV.UK Frontend that we use. */
const govuk = {
	name: "govuk",
	setup(setup) {
		const file = join(here, "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css");
		const used = classesUsed(sources(join(here, "src")));
		setup.onResolve({ filter: /^govuk$/ }, () => ({ path: "govuk", namespace: "govuk" }));
		setup.onLoad({ filter: /./, namespace: "govuk" }, () => ({
			contents: borrowed(readFileSync(file, "utf8"), used),
			loader: "css",
		}));
	},
};

async function bundle() {
	const { metafile } = await build({
		...common,
		entryPoints: { console: "src/main.tsx", style: "src/styles/console.css", icon: "src/icon.svg" },
		splitting: true,
		outdir: join(site, "assets"),
		entryNames: "[name]-[hash]",
		chunkNames: "[name]-[hash]",
		assetNames: "[name]-[hash]",
		publicPath: "/assets",
		loader: { ".woff2": "file", ".svg": "copy" },
		jsx: "automatic",
		jsxImportSource: "preact",
		metafile: true,
		plugins: [govuk],
	});
	return metafile;
}

/* What an output imports at once, itself included: all of it is needed before the first screen. */
function atOnce(outputs, path, seen = new Set()) {
	if (seen.has(path)) return seen;
	seen.add(path);
	for (const { path: next, kind } of outputs[path]?.imports ?? [])
		if (kind !== "dynamic-import" && kind !== "file-loader") atOnce(outputs, next, seen);
	return seen;
}

function writePage(scripts, style, icon) {
	const [main, ...others] = scripts;
	const page = readFileSync(join(here, "src/index.html"), "utf8")
		.replace("%STYLE%", style)
		.replace("%ICON%", icon)
		.replace("%MAIN%", main)
		.replace(
			"%OTHERS%",
			others.map((path) => `<link rel="modulepreload" href="${path}">`).join("\n\t"),
		);
	writeFileSync(join(site, "index.html"), page);
}

async function writeWorker(files) {
	const shell = ["/", ...files];
	const version = createHash("sha256").update(shell.join("\n")).update(readFileSync(join(site, "index.html")));
	await build({
		...common,
		entryPoints: ["src/worker.ts"],
		format: "iife",
		outfile: join(site, "sw.js"),
		define: {
			SHELL: JSON.stringify(shell),
			VERSION: JSON.stringify(version.digest("hex").slice(0, 16)),
		},
	});
}

function listed(folder, prefix = "") {
	return readdirSync(join(folder, prefix), { withFileTypes: true }).flatMap((entry) => {
		const path = join(prefix, entry.name);
		return entry.isDirectory() ? listed(folder, path) : [path];
	});
}

function compress() {
	for (const path of listed(site).filter((path) => COMPRESSED.test(path))) {
		const bytes = readFileSync(join(site, path));
		writeFileSync(join(site, `${path}.gz`), gzipSync(bytes, { level: 9 }));
	}
}

/* As it travels: the compressed twin where there is one. */
function travels(path) {
	const file = join(site, path);
	return readFileSync(existsSync(`${file}.gz`) ? `${file}.gz` : file).length;
}

function measure(first) {
	const sizes = first.map((path) => ({ path, bytes: travels(path) }));
	const total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
	const kib = (bytes) => (bytes / 1024).toFixed(1);
	console.log(`console: first load ${kib(total)} of ${kib(BUDGET_BYTES)} KiB, compressed`);
	if (total > BUDGET_BYTES)
		fail(sizes.map(({ path, bytes }) => `  ${kib(bytes)} KiB ${path}`).join("\n"));
	return total;
}

function put() {
	const old = `${target}.old`;
	rmSync(old, { recursive: true, force: true });
	if (existsSync(target)) renameSync(target, old);
	renameSync(site, target);
	rmSync(old, { recursive: true, force: true });
}

const words = readWords();
if (words.problems.length) fail(words.problems.join("\n"));
writeWords(words);

rmSync(site, { recursive: true, force: true });
mkdirSync(site, { recursive: true });
const { outputs } = await bundle();
const paths = Object.keys(outputs);
const entry = (name) => paths.find((path) => basename(path).startsWith(`${name}-`) && outputs[path].entryPoint);
const web = (path) => `/assets/${basename(path)}`;
const style = paths.find((path) => outputs[path].entryPoint === "src/styles/console.css");
const icon = paths.find((path) => basename(path).startsWith("icon-"));
const scripts = [...atOnce(outputs, entry("console"))];
const fonts = paths.filter((path) => path.endsWith(".woff2"));

writePage(scripts.map(web), web(style), web(icon));
await writeWorker(paths.map(web));
compress();
const first = ["index.html", ...[...scripts, style, icon, ...fonts].map((path) => `assets/${basename(path)}`)];
const firstLoad = measure(first);
writeFileSync(
	join(site, "files.json"),
	JSON.stringify({ first, firstLoad, budget: BUDGET_BYTES, files: listed(site).sort() }, null, "\t"),
);
put();

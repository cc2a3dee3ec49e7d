/*
 * Runs the units of the console's pure parts (tests/*.test.ts) with Node's own runner:  node tools/test.mjs
 * esbuild takes the types off; nothing of a page is loaded.
 */
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const tests = fileURLToPath(new URL("../tests", import.meta.url));
const out = mkdtempSync(join(tmpdir(), "jembatan-console-"));
const entryPoints = readdirSync(tests).filter((name) => name.endsWith(".test.ts")).map((name) => join(tests, name));

await build({
	entryPoints, outdir: out, outExtension: { ".js": ".mjs" }, bundle: true, platform: "node", format: "esm",
	target: "node18", logLevel: "warning",
});
const made = readdirSync(out).map((name) => join(out, name));
const { status } = spawnSync(process.execPath, ["--test", ...made], { stdio: "inherit" });
rmSync(out, { recursive: true });
process.exit(status ?? 1);

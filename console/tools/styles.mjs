/*
 * Takes from GOV.UK Frontend's style sheet the rules for what the console uses, under the console's
 * own class names: `govuk-button` becomes `jb-button`. Its font, crest and print addresses stay out.
 */
const USED = /\bjb-[a-z0-9]+(?:[-_]+[a-z0-9]+)*/g;
const UNWANTED = /govuk-crest|attr\(href\)/;

export function classesUsed(sources) {
	return new Set(sources.flatMap((text) => text.match(USED) ?? []));
}

/* Parts a style sheet into its blocks: {head, body} for rules, {head} for statements as @charset. */
function blocks(css) {
	const found = [];
	let start = 0;
	let depth = 0;
	let open = 0;
	for (let i = 0; i < css.length; i++) {
		const c = css[i];
		if (c === '"' || c === "'") i = css.indexOf(c, i + 1);
		else if (c === "{" && depth++ === 0) open = i;
		else if (c === "}" && --depth === 0) {
			found.push({ head: css.slice(start, open).trim(), body: css.slice(open + 1, i) });
			start = i + 1;
		} else if (c === ";" && depth === 0) start = i + 1;
	}
	return found;
}

function keptSelectors(head, used) {
	return head
		.split(/,(?![^(]*\))/)
		.filter((one) =>
			(one.match(/\.govuk-[\w-]+/g) ?? []).every((name) =>
				used.has(name.replace(".govuk-", "jb-")),
			),
		)
		.join(",");
}

function prune(css, used) {
	let kept = "";
	for (const { head, body } of blocks(css)) {
		if (/^@media.*\\0/.test(head)) continue;
		if (/^@(media|supports)/.test(head)) {
			const inner = prune(body, used);
			if (inner) kept += `${head}{${inner}}`;
		} else if (head.startsWith("@") || UNWANTED.test(body)) {
			continue;
		} else {
			const selectors = keptSelectors(head, used);
			if (selectors) kept += `${selectors}{${body}}`;
		}
	}
	return kept;
}

export function borrowed(css, used) {
	return prune(css.replace(/\/\*[^]*?\*\//g, ""), used)
		.replaceAll("GDS Transport,arial,sans-serif", "var(--jb-font)")
		.replaceAll("font-family:sans-serif", "font-family:var(--jb-font)")
		.replace(/--govuk-frontend-version:"[^"]*";/, "")
		.replace(/--(_?)govuk-/g, "--$1jb-")
		/* All colours are set; what would stand in for them is never seen. */
		.replace(/var\((--jb-[\w-]+),#[0-9a-f]+\)/g, "var($1)")
		.replaceAll(".govuk-", ".jb-");
}

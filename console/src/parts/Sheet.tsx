/*
 * A page that the agent has set for a printer (GET .../paper?format=html), in the chosen language. It is
 * parsed, and only its text and the shape of its blocks are taken over, so that nothing in it can run.
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

import { language } from "../core/language";

const ELEMENTS: Record<string, string> = {
	p: "p", div: "div", b: "b", span: "span", bdi: "bdi", i: "i", h1: "h2", h2: "h3",
};
const CLASSES: Record<string, string> = {
	name: "jb-sheet-name", head: "jb-sheet-head", line: "jb-sheet-line", text: "jb-sheet-text",
	cut: "jb-sheet-cut", box: "jb-sheet-box", small: "jb-sheet-small", blank: "jb-sheet-blank",
};

/* Words stand in Indonesian, and in English beside them where it differs. */
function otherLanguage(element: Element): boolean {
	if (element.localName !== "bdi") return false;
	const english = element.classList.contains("en");
	const both = english || element.nextElementSibling?.classList.contains("en") === true;
	return both && english !== (language.value === "en");
}

function copy(from: Node, to: Element): void {
	for (const child of from.childNodes) {
		if (child.nodeType === Node.TEXT_NODE) to.append(child.textContent ?? "");
		if (!(child instanceof Element) || otherLanguage(child)) continue;
		const name = ELEMENTS[child.localName];
		if (!name) continue;
		const made = document.createElement(name);
		const look = CLASSES[child.className];
		if (look) made.className = look;
		copy(child, made);
		to.append(made);
	}
}

export function Sheet({ content }: { content: string }): JSX.Element {
	const place = useRef<HTMLDivElement>(null);
	const lang = language.value;
	useEffect(() => {
		const bare = content.replace(/<style>[^<]*<\/style>/g, "");
		const page = new DOMParser().parseFromString(bare, "text/html");
		place.current?.replaceChildren();
		if (place.current) copy(page.body, place.current);
	}, [content, lang]);
	return <div ref={place} class="jb-sheet" />;
}

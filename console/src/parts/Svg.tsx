/*
 * A drawing that the agent made (a QR code). The text is parsed as SVG and only shapes are taken over, so
 * that nothing in it can run or load anything.
 */
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";

const NAMESPACE = "http://www.w3.org/2000/svg";
const SHAPES = ["g", "path", "rect"];
const KEPT = ["d", "x", "y", "width", "height", "fill", "transform", "shape-rendering"];

function copy(from: Element, to: Element): void {
	for (const name of KEPT) {
		const value = from.getAttribute(name);
		if (value !== null) to.setAttribute(name, value);
	}
	for (const child of from.children) {
		if (!SHAPES.includes(child.localName)) continue;
		const shape = document.createElementNS(NAMESPACE, child.localName);
		copy(child, shape);
		to.append(shape);
	}
}

export function Svg({ text, label }: { text: string; label: string }): JSX.Element {
	const place = useRef<SVGSVGElement>(null);
	useEffect(() => {
		const drawn = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
		const svg = place.current;
		if (!svg || drawn.localName !== "svg") return;
		svg.replaceChildren();
		svg.setAttribute("viewBox", drawn.getAttribute("viewBox") ?? "0 0 100 100");
		copy(drawn, svg);
		svg.removeAttribute("width");
		svg.removeAttribute("height");
	}, [text]);
	return <svg ref={place} class="jb-drawing" role="img" aria-label={label} />;
}

/*
 * A timeline in lanes (health, justice, social ...): one ordered list, each event in its lane's column.
 * Each event names its lane in words too, for who can't see columns, on a phone and in print.
 */
import type { ComponentChildren, JSX } from "preact";

export type Lane = { key: string; title: string };
export type LaneEvent = {
	key: string | number;
	lane: string;
	/* RFC 3339, and in words. */
	at: string;
	atText: string;
	title: ComponentChildren;
	body?: ComponentChildren;
};

const COLUMNS = ["jb-lane-1", "jb-lane-2", "jb-lane-3", "jb-lane-4"] as const;

export function Lanes({ label, lanes, events }: {
	label: string;
	lanes: readonly Lane[];
	events: readonly LaneEvent[];
}): JSX.Element {
	const column = (lane: string): string =>
		COLUMNS[Math.max(0, lanes.findIndex(({ key }) => key === lane))] ?? COLUMNS[0];
	return (
		<div class="jb-lanes">
			<div class="jb-lanes-head" aria-hidden="true">
				{lanes.map(({ key, title }) => (
					<span key={key} class={column(key)}>{title}</span>
				))}
			</div>
			<ol class="jb-lanes-list" aria-label={label}>
				{events.map((event) => (
					<li key={event.key} class={`jb-lane-event ${column(event.lane)}`}>
						<p class="jb-lane-meta">
							<span class="jb-lane-name">{lanes.find(({ key }) => key === event.lane)?.title}</span>
							<time dateTime={event.at}>{event.atText}</time>
						</p>
						<div class="jb-lane-title">{event.title}</div>
						{event.body}
					</li>
				))}
			</ol>
		</div>
	);
}

/*
 * What a screen shows from the agent: useLoad("/v1/today") gives `data`, `error` and `loading`, asks again
 * when something has changed, and keeps showing what it has while it asks. A person's record, a referral:
 * each look at those is an entry that an auditor reads, so they are asked for "once" per visit and reload.
 */
import { useEffect, useRef, useState } from "preact/hooks";

import { api, ApiError } from "./api";
import { changed } from "./changes";
import { state } from "./session";

export type Loaded<T> = {
	data: T | null;
	error: ApiError | null;
	loading: boolean;
	reload: () => void;
};

/* `path` null asks nothing (yet). */
export function useLoad<T>(path: string | null, how: "live" | "once" = "live"): Loaded<T> {
	const [asked, setAsked] = useState(0);
	const [shown, setShown] = useState<{ path: string | null; data: T | null; error: ApiError | null }>({
		path: null,
		data: null,
		error: null,
	});
	const [loading, setLoading] = useState(path !== null);
	const change = how === "live" ? changed.value : 0;
	const signedIn = state.value === "in";
	const done = useRef("");

	useEffect(() => {
		const look = `${asked} ${path}`;
		if (path === null || !signedIn || (how === "once" && done.current === look)) return;
		const stop = new AbortController();
		setLoading(true);
		api.get<T>(path, stop.signal).then(
			(data) => {
				done.current = look;
				setShown({ path, data, error: null });
				setLoading(false);
			},
			(error: unknown) => {
				if (stop.signal.aborted) return;
				if (!(error instanceof ApiError)) throw error;
				setShown((before) => ({ path, data: before.path === path ? before.data : null, error }));
				setLoading(false);
			},
		);
		return () => stop.abort();
	}, [path, change, asked, signedIn]);

	const fits = shown.path === path;
	return {
		data: fits ? shown.data : null,
		error: fits ? shown.error : null,
		loading,
		reload: () => setAsked((count) => count + 1),
	};
}

/*
 * What a screen shows from the agent: useLoad("/v1/today") gives `data`, `error` and `loading`, asks again
 * when something has changed, and keeps showing what it has while it asks.
 */
import { useEffect, useState } from "preact/hooks";

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
export function useLoad<T>(path: string | null): Loaded<T> {
	const [asked, setAsked] = useState(0);
	const [shown, setShown] = useState<{ path: string | null; data: T | null; error: ApiError | null }>({
		path: null,
		data: null,
		error: null,
	});
	const [loading, setLoading] = useState(path !== null);
	const change = changed.value;
	const signedIn = state.value === "in";

	useEffect(() => {
		if (path === null || !signedIn) return;
		const stop = new AbortController();
		setLoading(true);
		api.get<T>(path, stop.signal).then(
			(data) => {
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

/*
 * After a navigation the new page's heading takes the focus, so that who can't see the screen hears
 * where they are. The first page of a visit leaves the focus to the browser.
 */
let coming = false;

export function navigated(): void {
	coming = true;
}

/* True once for each navigation. */
export function arrived(): boolean {
	const was = coming;
	coming = false;
	return was;
}

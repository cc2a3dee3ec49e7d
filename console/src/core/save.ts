/* Saves a file that was made here or came in an answer. */
export function saveFile(name: string, content: Blob): void {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(content);
	link.download = name;
	document.body.append(link);
	link.click();
	link.remove();
	/* The browser reads it in its own time; a minute is plenty on any machine. */
	setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

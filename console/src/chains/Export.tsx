/* A list as a file: asked from the agent, which names it and knows no person either. */
import type { JSX } from "preact";
import { useState } from "preact/hooks";

import { address, api, ApiError } from "../core/api";
import { say, t, type Both } from "../core/language";
import { saveFile } from "../core/save";
import { Button } from "../parts/Button";
import { Inset } from "../parts/Banner";

type Exported = { name: string; text: string };

export function ExportButton({ path, query = {} }: {
	path: string;
	query?: Record<string, string | number | undefined>;
}): JSX.Element {
	const [problem, setProblem] = useState<Both | null>(null);
	const [busy, setBusy] = useState(false);

	const save = async (): Promise<void> => {
		setBusy(true);
		setProblem(null);
		try {
			const file = await api.get<Exported>(address(path, { format: "csv", ...query }));
			saveFile(file.name, new Blob([file.text], { type: "text/csv;charset=utf-8" }));
		} catch (error) {
			if (!(error instanceof ApiError)) throw error;
			setProblem(error.words);
		} finally {
			setBusy(false);
		}
	};
	return (
		<>
			<Button kind="secondary" busy={busy} onClick={() => void save()}>{t("chains.export")}</Button>
			{problem && <Inset>{say(problem)}</Inset>}
		</>
	);
}

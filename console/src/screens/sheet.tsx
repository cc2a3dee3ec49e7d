/* The letter of a thread off the wire as it is printed and handed over. */
import type { JSX } from "preact";

import { t } from "../core/language";
import { useLoad } from "../core/load";
import { Button, Buttons } from "../parts/Button";
import { Shown } from "../parts/Lists";
import { Page } from "../parts/Page";
import { Sheet } from "../parts/Sheet";
import type { ScreenProps } from "../routes";

export default function SheetPage({ params }: ScreenProps): JSX.Element {
	const number = params["number"] ?? "";
	const loaded = useLoad<{ content: string }>(`/v1/referrals/${encodeURIComponent(number)}/paper?format=html`);
	return (
		<Page title={t("thread.sheet")} screenOnly back={{ href: `/rujukan/${number}`, text: t("thread.back", { number }) }}>
			<Shown of={loaded}>
				{({ content }) => (
					<>
						<Buttons><Button onClick={() => print()}>{t("thread.printLetter")}</Button></Buttons>
						<Sheet content={content} />
					</>
				)}
			</Shown>
		</Page>
	);
}

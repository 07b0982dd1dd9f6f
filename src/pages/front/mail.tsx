import { renderDocument } from "../../ui/document.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Section } from "../../ui/section.tsx";
import type { Shell } from "../../words/shell.ts";

export interface MailProps {
	readonly shell: Shell;
	readonly messages: readonly {
		readonly to: string;
		readonly subject: string;
		readonly text: string;
		readonly at: number;
	}[];
	/** What begins with it leads to a page of ours. */
	readonly issuer: string;
	readonly now: number;
}

/** `GET /mail` */
export function mailView({ shell, messages, issuer, now }: MailProps): string {
	return renderDocument({
		shell,
		title: "Mail",
		width: "wide",
		children: (
			<>
				<h1>Mail</h1>
				<p class="muted">
					What this latchkey would send, on a developer's machine alone. It is kept until the server ends.
				</p>
				{messages.length === 0 && <p>No mail yet.</p>}
				{messages.map(({ to, subject, text, at }, index) => (
					<Section key={messages.length - index} class="card" id={`mail-${messages.length - index}`} title={subject}>
						<p class="muted">
							To <code>{to}</code>, <Instant at={at} now={now} />
						</p>
						{text
							.trim()
							.split("\n\n")
							.map((paragraph) => (
								<p key={paragraph}>
									{paragraph.startsWith(`${issuer}/`) ? <a href={paragraph}>{paragraph}</a> : paragraph}
								</p>
							))}
					</Section>
				))}
			</>
		),
	});
}

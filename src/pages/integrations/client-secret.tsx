import { Copyable, DownloadLink } from "../../ui/copyable.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";

export interface ClientSecretProps {
	readonly frame: Frame;
	readonly title: string;
	readonly clientId: string;
	/** Null for a client that has none. */
	readonly secret: string | null;
	/** Where people install it, or null. */
	readonly installUrl: string | null;
	readonly backUrl: string;
}

/** A secret, the one time that it is shown. */
export function clientSecretView(props: ClientSecretProps): string {
	const { frame, title, clientId, secret, installUrl, backUrl } = props;
	return renderConsolePage({
		frame,
		title,
		notice: secret === null ? "Done." : "Copy the secret now: it is shown this once, and nobody can look it up later.",
		children: (
			<div class="card">
				<Section id="id-heading" title="Client ID">
					<Copyable id="client-id" text={clientId} label="Copy client ID" />
				</Section>
				<Section id="secret-heading" title="Client secret">
					{secret === null ? (
						<p>It has none: a public client uses PKCE, and one with keys of its own signs what it sends.</p>
					) : (
						<>
							<Copyable id="client-secret" text={secret} label="Copy client secret" />
							<p class="hint">Keep it on your server. Whoever has it can act in its name.</p>
							<DownloadLink
								fileName="latchkey-client-secret.txt"
								text={`Client ID: ${clientId}\nClient secret: ${secret}\n`}
								label="Download as .txt"
							/>
						</>
					)}
				</Section>
				{installUrl !== null && (
					<Section id="install-heading" title="Install URL">
						<Copyable id="install-url" text={installUrl} label="Copy install URL" />
						<p class="hint">Send people here to install it.</p>
					</Section>
				)}
				<div class="row">
					<LinkButton href={backUrl} label={secret === null ? "Continue" : "I have kept it"} />
				</div>
			</div>
		),
	});
}

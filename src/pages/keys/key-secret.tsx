import type { ConsoleFrame } from "../frame/console-frame.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Usage } from "./key-codes.tsx";
import { type EditedKey, keyView } from "./key-editor.tsx";
import { FormCard } from "./key-form.tsx";
import { Name } from "../../ui/name.tsx";

/** A file that the page carries in its link, so that it needs neither a script nor another request with the secret. */
export interface Download {
	readonly label: string;
	readonly fileName: string;
	readonly media: string;
	readonly text: string;
}

export interface SecretProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly notice: string;
	readonly description: string;
	readonly secret: string;
	readonly expiresAt: number;
	readonly downloads: readonly Download[];
	/** Of type Integration: the bearer token (contract 004). */
	readonly token: string | null;
	/** Whether the secret can be shown again. */
	readonly isKept: boolean;
	readonly now: number;
}

export function secretView(props: SecretProps): string {
	const { frame, key, notice, description, secret, expiresAt, downloads, token, isKept, now } = props;
	return keyView({
		frame,
		key,
		tab: "Access codes",
		notice,
		undo: null,
		children: (
			<>
				<section class="card" aria-labelledby="secret-label">
					<h2 id="secret-label">
						Secret of <Name text={description} />
					</h2>
					<Copyable id="secret" text={secret} label="Copy secret" />
					<p>
						{isKept
							? "Keep it safe. You can see it again after entering your password."
							: "Keep it safe. It is shown this once, and never again."}{" "}
						It expires <Instant at={expiresAt} now={now} />.
					</p>
					<div class="row">
						{downloads.map(({ label, fileName, media, text }) => (
							<a
								key={fileName}
								class="button secondary small"
								download={fileName}
								href={`data:${media},${encodeURIComponent(text)}`}
							>
								{label}
							</a>
						))}
					</div>
				</section>
				{token !== null && (
					<section aria-labelledby="token-label">
						<h2 id="token-label">Bearer token of the key file</h2>
						<Copyable id="token" text={token} label="Copy token" />
					</section>
				)}
				<Usage secret={secret} />
				<p>
					<a class="button secondary small" href={`/console/${frame.account.slug}/keys/${key.id}/codes`}>
						Done
					</a>
				</p>
			</>
		),
	});
}

export interface AskPasswordProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly codeId: string;
	readonly description: string;
	readonly error: string | null;
}

/** Posts `password`. */
export function askPasswordView({ frame, key, codeId, description, error }: AskPasswordProps): string {
	const base = `/console/${frame.account.slug}/keys/${key.id}/codes`;
	return keyView({
		frame,
		key,
		tab: "Access codes",
		notice: null,
		undo: null,
		failed: error !== null,
		children: (
			<>
				<h2>
					Show the secret of <Name text={description} />
				</h2>
				<FormCard
					action={`${base}/${codeId}/secret`}
					frame={frame}
					nonce={null}
					errors={error === null ? {} : { password: error }}
					submit="Show secret"
					cancel={base}
				>
					<Field
						name="password"
						label="Your password"
						type="password"
						autocomplete="current-password"
						value={null}
						hint="Asked for again, because whoever has this secret can use the key. The audit log notes it."
						error={error}
					/>
				</FormCard>
			</>
		),
	});
}

import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { Copyable, DownloadLink, type DownloadLinkProps } from "../../ui/copyable.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { ProofFields, type WaysToProve } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";
import { type OneCodeProps, Usage } from "./key-codes.tsx";
import { type EditedKey, keyUrl, renderKeyPage } from "./key-frame.tsx";

export interface SecretProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly notice: string;
	readonly description: string;
	readonly secret: string;
	readonly expiresAt: number;
	readonly downloads: readonly DownloadLinkProps[];
	/** Of type Integration: the bearer token (contract 004). */
	readonly token: string | null;
	/** Whether the secret can be shown again. */
	readonly isKept: boolean;
}

export function secretView(props: SecretProps): string {
	const { frame, key, notice, description, secret, expiresAt, downloads, token, isKept } = props;
	const title = (
		<>
			Secret of <Name text={description} />
		</>
	);
	return renderKeyPage({
		frame,
		key,
		tab: "Access codes",
		notice,
		children: (
			<>
				<Section class="card" id="secret-label" title={title}>
					<Copyable id="secret" text={secret} label="Copy secret" />
					<p>
						{isKept
							? "Keep it safe. You can see it again after showing once more that it is you."
							: "Keep it safe. It is shown this once, and never again."}{" "}
						It expires <Instant at={expiresAt} now={frame.now} />.
					</p>
					<div class="row">
						{downloads.map((each) => (
							<DownloadLink key={each.fileName} {...each} />
						))}
					</div>
				</Section>
				{token !== null && (
					<Section id="token-label" title="Bearer token of the key file">
						<Copyable id="token" text={token} label="Copy token" />
					</Section>
				)}
				<Usage secret={secret} />
				<p>
					<LinkButton look="secondary small" href={`${keyUrl(frame, key)}/codes`} label="Done" />
				</p>
			</>
		),
	});
}

/** Posts a proof. */
export function askPasswordView(props: OneCodeProps & { readonly ways: WaysToProve }): string {
	const { frame, key, codeId, description, ways, error } = props;
	const base = `${keyUrl(frame, key)}/codes`;
	return renderKeyPage({
		frame,
		key,
		tab: "Access codes",
		failed: error !== null,
		children: (
			<>
				<h2>
					Show the secret of <Name text={description} />
				</h2>
				<FormCard
					action={`${base}/${codeId}/secret`}
					frame={frame}
					errors={{ password: error }}
					submit="Show secret"
					cancel={base}
				>
					<ProofFields
						ways={ways}
						hint="Asked for again, because whoever has this secret can use the key. The audit log notes it."
						error={error}
					/>
				</FormCard>
			</>
		),
	});
}

import { Badge } from "../../ui/badge.tsx";
import type { ConsoleFrame } from "../frame/console-frame.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { Field } from "../../ui/field.tsx";
import { inWords, Instant } from "../../ui/instant.tsx";
import { type EditedKey, keyView } from "./key-editor.tsx";
import { FormCard } from "./key-form.tsx";
import { Name } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";

interface ShownCode {
	readonly id: string;
	readonly description: string;
	readonly enabled: boolean;
	readonly createdAt: number;
	readonly expiresAt: number;
	readonly lastUsedAt: number | null;
	/** Whether its secret can be shown again. */
	readonly isKept: boolean;
}

export interface KeyCodesProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly notice: string | null;
	readonly undo: { readonly action: string; readonly enabled: boolean } | null;
	/** At most two; the one that may go first stands first. */
	readonly codes: readonly ShownCode[];
	readonly nonce: string;
	readonly description: string;
	readonly error: string | null;
	readonly now: number;
}

/** From how long before its end a code's expiry is a warning. */
const warnBefore = 30 * 86_400;

/** Contract 003, "Access Codes Tab". Posts `nonce` and `description`. */
export function keyCodesView(props: KeyCodesProps): string {
	const { frame, key, notice, undo, codes, nonce, description, error, now } = props;
	const base = `/console/${frame.account.slug}/keys/${key.id}/codes`;
	const mayWrite = frame.permissions.includes("keys:write");
	const [first] = codes;
	return keyView({
		frame,
		key,
		tab: "Access codes",
		notice,
		undo,
		failed: error !== null,
		children: (
			<>
				{codes.length === 0 && (
					<p>There is no access code yet. A program needs one to use this key: make one, and give it to the program.</p>
				)}
				{codes.map((code) => (
					<CodeCard key={code.id} frame={frame} base={base} code={code} now={now} />
				))}
				{mayWrite &&
					(codes.length < 2 ? (
						<section aria-labelledby="new-code">
							<h2 id="new-code">New access code</h2>
							<FormCard
								action={base}
								frame={frame}
								nonce={nonce}
								errors={error === null ? {} : { description: error }}
								submit="Create access code"
								cancel={base}
							>
								<Field
									name="description"
									label="Description"
									type="text"
									autocomplete="off"
									value={description}
									hint="Which program will use it. The code is good for 365 days."
									error={error}
								/>
							</FormCard>
						</section>
					) : (
						<p>
							A key has at most two access codes. To make another,{" "}
							{first?.enabled ? "disable and then delete" : "delete"}{" "}
							<strong>
								<Name text={first?.description || "the older one"} />
							</strong>
							.
						</p>
					))}
				<Usage secret="YOUR_ACCESS_CODE" />
			</>
		),
	});
}

function CodeCard(props: {
	readonly frame: ConsoleFrame;
	readonly base: string;
	readonly code: ShownCode;
	readonly now: number;
}) {
	const { frame, base, code, now } = props;
	const { id, description, enabled, createdAt, expiresAt, lastUsedAt, isKept } = code;
	const isExpired = now >= expiresAt;
	const isEnding = !isExpired && expiresAt - now <= warnBefore;
	const mayDelete = frame.permissions.includes("keys:delete");
	return (
		<section class="card" aria-labelledby={`code-${id}`}>
			<h2 id={`code-${id}`}>
				<Name text={description || "Without a description"} />
			</h2>
			<p class="row">
				<Badge tone={enabled ? "good" : "off"} text={enabled ? "Enabled" : "Disabled"} />
				{isExpired && <Badge tone="warning" text="Expired" />}
				{isEnding && <Badge tone="warning" text={`Expires ${inWords(expiresAt - now)}`} />}
			</p>
			{(isEnding || isExpired) && (
				<p>Make a new access code and give it to the services that use this one, so that they do not stop.</p>
			)}
			<dl>
				<dt>{isExpired ? "Expired" : "Expires"}</dt>
				<dd>
					<Instant at={expiresAt} now={now} />
				</dd>
				<dt>Last used</dt>
				<dd>{lastUsedAt === null ? "Never" : <Instant at={lastUsedAt} now={now} />}</dd>
				<dt>Created</dt>
				<dd>
					<Instant at={createdAt} now={now} />
				</dd>
			</dl>
			{frame.permissions.includes("keys:write") && (
				<div class="row">
					<PostForm action={`${base}/${id}/enabled`} csrf={frame.csrf}>
						<input type="hidden" name="enabled" value={enabled ? "off" : "on"} />
						<button type="submit" class="outline secondary small">
							{enabled ? "Disable" : "Enable"}
							<span class="visually-hidden"> {description}</span>
						</button>
					</PostForm>
					<a class="button secondary small" href={`${base}/${id}`}>
						Edit description
						<span class="visually-hidden"> of {description}</span>
					</a>
					{isKept && (
						<a class="button secondary small" href={`${base}/${id}/secret`}>
							Show secret
							<span class="visually-hidden"> of {description}</span>
						</a>
					)}
					{mayDelete && !enabled && (
						<a class="button secondary small" href={`${base}/${id}/delete`}>
							Delete…
							<span class="visually-hidden"> {description}</span>
						</a>
					)}
				</div>
			)}
			{mayDelete && enabled && <p class="hint">Disable it before you delete it.</p>}
			{!isKept && <p class="hint">Its secret is not kept, and cannot be shown again.</p>}
		</section>
	);
}

/** Contract 003, "How To Access": each way with its copy button. */
export function Usage({ secret }: { readonly secret: string }) {
	return (
		<section aria-labelledby="usage">
			<h2 id="usage">How to send it</h2>
			<p>In a header of the request:</p>
			<Copyable id="as-header" text={`x-api-key: ${secret}`} label="Copy header" />
			<p>Or in the query of the URL, where no header can be sent:</p>
			<Copyable id="as-query" text={`?apiKey=${secret}`} label="Copy query" />
		</section>
	);
}

export interface EditCodeProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly codeId: string;
	readonly description: string;
	readonly error: string | null;
}

/** Posts `description`. */
export function editCodeView({ frame, key, codeId, description, error }: EditCodeProps): string {
	const base = `/console/${frame.account.slug}/keys/${key.id}/codes`;
	return keyView({
		frame,
		key,
		tab: "Access codes",
		notice: null,
		undo: null,
		failed: error !== null,
		children: (
			<FormCard
				action={`${base}/${codeId}`}
				frame={frame}
				nonce={null}
				errors={error === null ? {} : { description: error }}
				submit="Save description"
				cancel={base}
			>
				<Field
					name="description"
					label="Description"
					type="text"
					autocomplete="off"
					value={description}
					hint="Which program uses it."
					error={error}
				/>
			</FormCard>
		),
	});
}

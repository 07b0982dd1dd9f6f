import { Badge, OnOff } from "../../ui/badge.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { Field } from "../../ui/field.tsx";
import { inWords, Instant } from "../../ui/instant.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { type ProofAgain, ProofAgainFields } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";
import { Switch } from "../../ui/switch.tsx";
import { type EditedKey, keyUrl, renderKeyPage } from "./key-frame.tsx";

interface ShownCode {
	readonly id: string;
	readonly description: string;
	readonly visible: string | null;
	readonly enabled: boolean;
	readonly createdAt: number;
	readonly expiresAt: number;
	readonly lastUsedAt: number | null;
	/** Whether its secret can be shown again. */
	readonly isKept: boolean;
	/** Where it was rotated: what the one in its place is called (null: it is gone), and since when. */
	readonly replaced?: { readonly by: string | null; readonly at: number };
}

export interface KeyCodesProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	/** The code that was switched just now, if any. */
	readonly changed: string | null;
	/** At most two; the one that may go first stands first. */
	readonly codes: readonly ShownCode[];
	readonly nonce: string;
	readonly description: string;
	readonly error: string | null;
	/** Of whoever makes another. */
	readonly proof: ProofAgain | null;
}

/** From how long before its end a code's expiry is a warning. */
const warnBefore = 30 * 86_400;

const said = {
	disabled: "The access code was disabled. Services that use it have stopped, everywhere.",
	enabled: "The access code was enabled.",
	saved: "Saved.",
	deleted: "The access code was deleted.",
};

/** Contract 003, "Access Codes Tab". Posts `nonce` and `description`. */
export function keyCodesView(props: KeyCodesProps): string {
	const { frame, key, changed, codes, nonce, description, error, proof } = props;
	const base = `${keyUrl(frame, key)}/codes`;
	const mayWrite = frame.permissions.includes("keys:write");
	const isThere = codes.some(({ id }) => id === changed);
	const [first] = codes;
	return renderKeyPage({
		frame,
		key,
		tab: "Access codes",
		said,
		undo: isThere && mayWrite ? `${base}/${changed}/enabled` : null,
		failed: error !== null || proof?.error != null,
		children: (
			<>
				{codes.length === 0 && (
					<p>
						There is no access code yet. A program needs one to use this key: create one, and give it to the program.
					</p>
				)}
				{codes.map((code) => (
					<CodeCard key={code.id} frame={frame} base={base} code={code} />
				))}
				{mayWrite &&
					(codes.length < 2 ? (
						<Section id="new-code" title="New access code">
							<FormCard
								action={base}
								frame={frame}
								fields={{ nonce }}
								errors={{ description: error, password: proof?.error }}
								submit="Create access code"
								cancel={base}
							>
								<Field
									name="description"
									label="Description"
									value={description}
									hint="Which program will use it. The code is good for 365 days."
									error={error}
								/>
								<ProofAgainFields proof={proof} />
							</FormCard>
						</Section>
					) : (
						<p>
							A key has at most two access codes. To make another,{" "}
							{first?.enabled ? "disable and then delete" : "delete"}{" "}
							<StrongName text={first?.description || "the older one"} />.
						</p>
					))}
				<Usage secret="YOUR_ACCESS_CODE" />
			</>
		),
	});
}

interface CodeCardProps {
	readonly frame: ConsoleFrame;
	readonly base: string;
	readonly code: ShownCode;
}

function CodeCard({ frame, base, code }: CodeCardProps) {
	const { now } = frame;
	const { id, description, visible, enabled, createdAt, expiresAt, lastUsedAt, isKept, replaced } = code;
	const isExpired = now >= expiresAt;
	const isEnding = !isExpired && expiresAt - now <= warnBefore;
	const mayWrite = frame.permissions.includes("keys:write");
	const mayDelete = frame.permissions.includes("keys:delete");
	const url = `${base}/${id}`;
	return (
		<Section class="card" id={`code-${id}`} title={<Name text={description || "Without a description"} />}>
			<div class="row">
				{visible !== null && <code>{visible}</code>}
				{mayWrite ? (
					<Switch action={`${url}/enabled`} csrf={frame.csrf} on={enabled} label={`Access code ${description}`} />
				) : (
					<OnOff on={enabled} />
				)}
				{isExpired && <Badge tone="warning" text="Expired" />}
				{isEnding && <Badge tone="warning" text={`Expires ${inWords(expiresAt - now)}`} />}
			</div>
			{replaced ? (
				<Replaced {...replaced} {...{ isExpired, lastUsedAt, now }} />
			) : (
				(isEnding || isExpired) && (
					<p>
						Create a new access code by Rotate, and give it to the services that use this one, so that they do not stop.
					</p>
				)
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
			{mayWrite && (
				<div class="row">
					<LinkButton look="secondary small" href={`${url}/rotate`} label="Rotate" about={` ${description}`} />
					<LinkButton look="secondary small" href={url} label="Edit description" about={` of ${description}`} />
					{isKept && (
						<LinkButton
							look="secondary small"
							href={`${url}/secret`}
							label="Show secret"
							about={` of ${description}`}
						/>
					)}
					{mayDelete && !enabled && (
						<LinkButton look="secondary small" href={`${url}/delete`} label="Delete" about={` ${description}`} />
					)}
				</div>
			)}
			{mayDelete && enabled && <p class="hint">Disable it before you delete it.</p>}
			{!isKept && <p class="hint">Its secret is not kept, and cannot be shown again.</p>}
		</Section>
	);
}

/** Of the code that ends by itself: whether something still relies on it. */
function Replaced(
	props: NonNullable<ShownCode["replaced"]> & Pick<ShownCode, "lastUsedAt"> & { isExpired: boolean; now: number },
) {
	const { by, at, lastUsedAt, isExpired, now } = props;
	const isUsed = lastUsedAt !== null && lastUsedAt > at;
	return (
		<>
			<p>
				{by === null ? (
					"It was replaced"
				) : (
					<>
						Replaced by <StrongName text={by || "an access code without a description"} />
					</>
				)}{" "}
				<Instant at={at} now={now} />.
			</p>
			<p class="row">
				<Badge tone={isUsed && !isExpired ? "warning" : "off"} text={isUsed ? "Used since" : "Not used since"} />
				{isUsed && !isExpired && (
					<span>Something still uses it: give it the new access code before this one ends.</span>
				)}
			</p>
		</>
	);
}

/** Contract 003, "How To Access": each way with its copy button. */
export function Usage({ secret }: { readonly secret: string }) {
	return (
		<Section id="usage" title="How to send it">
			<p>In a header of the request:</p>
			<Copyable id="as-header" text={`x-api-key: ${secret}`} label="Copy header" />
			<p>Or in the query of the URL, where no header can be sent:</p>
			<Copyable id="as-query" text={`?apiKey=${secret}`} label="Copy query" />
		</Section>
	);
}

export interface OneCodeProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly codeId: string;
	readonly description: string;
	readonly error: string | null;
}

export interface EditCodeProps extends OneCodeProps {
	/** What it was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	/** What no single field is to blame for. */
	readonly problem: string | null;
}

/** Posts `description`. */
export function editCodeView({ frame, key, codeId, description, fields, error, problem }: EditCodeProps): string {
	const base = `${keyUrl(frame, key)}/codes`;
	return renderKeyPage({
		frame,
		key,
		tab: "Access codes",
		failed: error !== null || problem !== null,
		children: (
			<FormCard
				action={`${base}/${codeId}`}
				frame={frame}
				fields={fields}
				errors={{ description: error }}
				problem={problem}
				submit="Save description"
				cancel={base}
			>
				<Field name="description" label="Description" value={description} hint="Which program uses it." error={error} />
			</FormCard>
		),
	});
}

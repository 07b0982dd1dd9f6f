import { DataTable } from "../../ui/data-table.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name, plainText, StrongName } from "../../ui/name.tsx";
import { PasskeyPart } from "../../ui/passkey-part.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import { ProofFields, type WaysToProve } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

interface ShownPasskey {
	readonly id: string;
	readonly name: string;
	readonly isSynced: boolean;
	readonly createdAt: number;
	readonly lastUsedAt: number | null;
}

/** On the security page, of what was done. */
export const saidOfPasskeys = {
	passkey_added: "The passkey is added. It signs you in from now on.",
	passkey_renamed: "The passkey has its new name.",
	passkey_removed: "The passkey is removed, and every other browser is signed out.",
};

export interface PasskeysProps {
	readonly frame: ConsoleFrame;
	readonly passkeys: readonly ShownPasskey[];
	/** Whether there may be no more. */
	readonly isFull: boolean;
}

export function PasskeysSection({ frame, passkeys, isFull }: PasskeysProps) {
	const base = `${frame.base}/security/passkeys`;
	return (
		<Section class="card" id="passkeys" title="Passkeys">
			<p>
				A passkey signs you in with your finger, your face or the PIN of your device, and with no user name. No page but
				this site's can ask for it, so that nobody can trick you into giving it away.
			</p>
			{passkeys.length > 0 && (
				<DataTable
					caption="Your passkeys"
					columns={["Passkey", "Added", "Last used", "Actions"]}
					rows={passkeys.map(({ id, name, isSynced, createdAt, lastUsedAt }) => ({
						key: id,
						cells: [
							<>
								<Name text={name} />
								<span class="muted block">{isSynced ? "On the devices that you share it among" : "On one device"}</span>
							</>,
							<Instant at={createdAt} now={frame.now} />,
							lastUsedAt === null ? "Never" : <Instant at={lastUsedAt} now={frame.now} />,
							<div class="row">
								<LinkButton look="secondary small" href={`${base}/${id}`} label="Rename" about={`: ${name}`} />
								<LinkButton look="secondary small" href={`${base}/${id}/remove`} label="Remove" about={`: ${name}`} />
							</div>,
						],
					}))}
				/>
			)}
			<p class="row">
				{isFull ? "You have as many as there may be." : <LinkButton href={`${base}/new`} label="Add a passkey" />}
			</p>
		</Section>
	);
}

export interface NewPasskeyProps {
	readonly frame: ConsoleFrame;
	readonly name: string;
	readonly ways: WaysToProve;
	readonly errors: { readonly name?: string; readonly password?: string };
}

/** `GET …/security/passkeys/new` */
export function newPasskeyView({ frame, name, ways, errors }: NewPasskeyProps): string {
	const base = `${frame.base}/security`;
	return renderConsolePage({
		frame,
		title: "Add a passkey",
		failed: Object.keys(errors).length > 0,
		children: (
			<FormCard action={`${base}/passkeys/new`} frame={frame} errors={errors} submit="Go on" cancel={base}>
				<Field
					name="name"
					label="Name"
					value={name}
					hint="By which you tell it from your others: where it is, for instance."
					autocomplete="off"
					error={errors.name}
				/>
				<ProofFields
					ways={ways}
					hint="Asked for again, because a passkey is a way in of its own."
					error={errors.password}
				/>
			</FormCard>
		),
	});
}

export interface CreatePasskeyProps {
	readonly frame: ConsoleFrame;
	readonly name: string;
	readonly options: string;
}

/** Answered to that form: its button has the browser make one. */
export function createPasskeyView({ frame, name, options }: CreatePasskeyProps): string {
	const base = `${frame.base}/security`;
	return renderConsolePage({
		frame,
		title: "Add a passkey",
		children: (
			<div class="card">
				<p>
					Your browser asks where <StrongName text={name} /> is to be kept: on this device, on your phone, on a security
					key, or by your password manager.
				</p>
				<PostForm action={`${base}/passkeys/new`} csrf={frame.csrf} fields={{ name }}>
					<PasskeyPart does="create" options={options} label="Create the passkey" look="primary" />
				</PostForm>
				<p class="row">
					<LinkButton look="secondary" href={base} label="Cancel" />
				</p>
			</div>
		),
	});
}

export interface RenamePasskeyProps {
	readonly frame: ConsoleFrame;
	readonly id: string;
	readonly name: string;
	readonly error: string | null;
}

/** `GET …/security/passkeys/:id` */
export function renamePasskeyView({ frame, id, name, error }: RenamePasskeyProps): string {
	const base = `${frame.base}/security`;
	return renderConsolePage({
		frame,
		title: "Rename a passkey",
		failed: error !== null,
		children: (
			<FormCard
				action={`${base}/passkeys/${id}`}
				frame={frame}
				errors={{ name: error }}
				submit="Save the name"
				cancel={base}
			>
				<Field name="name" label="Name" value={name} autocomplete="off" error={error} />
			</FormCard>
		),
	});
}

export interface RemovePasskeyProps {
	readonly frame: ConsoleFrame;
	readonly passkey: ShownPasskey;
	readonly ways: WaysToProve;
	readonly error: string | null;
}

/** `GET …/security/passkeys/:id/remove` */
export function removePasskeyView({ frame, passkey, ways, error }: RemovePasskeyProps): string {
	const base = `${frame.base}/security`;
	return renderConsolePage({
		frame,
		title: `Remove ${plainText(passkey.name)}`,
		failed: error !== null,
		children: (
			<div class="card danger-zone">
				<ErrorSummary errors={{ password: error }} />
				<p>
					<StrongName text={passkey.name} /> signs nobody in any more, and every other browser that you are signed in
					with is signed out. What you allowed applications stays. Your device may go on offering it until you delete it
					there too.
				</p>
				<PostForm action={`${base}/passkeys/${passkey.id}/remove`} csrf={frame.csrf}>
					<ProofFields ways={ways} hint="So that nobody who finds you signed in shuts you out." error={error} />
					<div class="row">
						<LinkButton look="secondary" href={base} label="Cancel" />
						<button type="submit" class="danger">
							Remove this passkey
						</button>
					</div>
				</PostForm>
			</div>
		),
	});
}

import { Field, FieldError } from "./field.tsx";
import { PasskeyPart } from "./passkey-part.tsx";
import { HiddenFields, LinkButton } from "./post-form.tsx";

/** What somebody can show. */
export interface WaysToProve {
	readonly password: boolean;
	/** WebAuthn's options for one of their passkeys; null where they have none. */
	readonly passkey: object | null;
	/** Of who has neither: whether they came in just now, and where they do so again. */
	readonly isRecent: boolean;
	readonly again: string;
}

/** What a form asks for before it does something that a browser which was left open is not to do. */
export interface ProofFieldsProps {
	readonly ways: WaysToProve;
	/** Why it is asked. */
	readonly hint: string | null;
	readonly error: string | null | undefined;
	/** Where somebody else is spoken of in the same form. */
	readonly label?: string;
}

/** Posts `password`, `passkey` or `recent`. */
export function ProofFields({ ways, hint, error, label = "Your password" }: ProofFieldsProps) {
	const { password, passkey, isRecent, again } = ways;
	if (!password && !passkey) return <CameInJustNow {...{ isRecent, again, hint, error }} />;
	return (
		<>
			{password && (
				<Field
					name="password"
					label={label}
					type="password"
					autocomplete="current-password"
					hint={hint}
					error={error}
				/>
			)}
			{passkey && (
				<div class="field" id={password ? undefined : "password"}>
					{password ? <p class="hint">Or with no password, at once:</p> : hint && <p class="hint">{hint}</p>}
					<PasskeyPart does="get" options={JSON.stringify(passkey)} alone={!password} label="Use a passkey" />
				</div>
			)}
			{!password && <FieldError name="password" error={error} />}
		</>
	);
}

/** Of a step that who signed in not long ago takes without more: then it is null. */
export interface ProofAgain {
	readonly ways: WaysToProve;
	readonly error: string | null;
}

export function ProofAgainFields({ proof }: { readonly proof: ProofAgain | null }) {
	return proof && <ProofFields {...proof} hint="Asked for, as it is a while since you showed who you are." />;
}

/** For who comes in by a provider alone: there is nothing here that they could show. */
function CameInJustNow({
	isRecent,
	again,
	hint,
	error,
}: Pick<WaysToProve, "isRecent" | "again"> & Pick<ProofFieldsProps, "hint" | "error">) {
	return (
		<div class="field" id="password">
			{hint && <p class="hint">{hint}</p>}
			{isRecent ? (
				<>
					<HiddenFields fields={{ recent: "yes" }} />
					<p>You signed in less than five minutes ago, which is enough.</p>
				</>
			) : (
				<>
					<p>
						You signed in more than five minutes ago, or were let in without being asked anything. Sign in once more,
						and come back here.
					</p>
					<LinkButton look="secondary" href={again} label="Sign in again" />
				</>
			)}
			<FieldError name="password" error={error} />
		</div>
	);
}

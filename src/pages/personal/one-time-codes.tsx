import { Copyable } from "../../ui/copyable.tsx";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { QrCode } from "../../ui/qr-code.tsx";
import { ProofFields, type WaysToProve } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

/** What is said after either. */
export const saidOfCodes = {
	codes_on:
		"One-time codes are on: your password alone does not sign you in. Every other browser is signed out, and login sessions of your password have ended.",
	codes_changed:
		"Your new app makes the codes from now on: take latchkey out of the old one. Every other browser is signed out.",
	codes_off: "One-time codes are off. You can take latchkey out of your authenticator app.",
};

export type CodeField = "code" | "password";

/** Whether they are on, among the ways in of a person. */
export function OneTimeCodesSection({
	frame,
	since,
	hasPassword,
}: {
	readonly frame: ConsoleFrame;
	/** Null where they are off. */
	readonly since: number | null;
	readonly hasPassword: boolean;
}) {
	if (since === null && !hasPassword) return null;
	return (
		<Section class="card" id="your-one-time-codes" title="One-time codes">
			{since === null ? (
				<p>
					Off. Once they are on, whoever has your password needs a code of your authenticator app as well, or one of
					your recovery codes.
				</p>
			) : (
				<p>
					On since <Instant at={since} now={frame.now} />.{" "}
					{hasPassword
						? "Your password alone does not sign you in."
						: "They are asked for beside a password, and you have none."}
				</p>
			)}
			<div class="row">
				{since !== null && hasPassword && (
					<LinkButton
						look="secondary"
						href={`${frame.base}/security/one-time-codes/change`}
						label="Change the authenticator app"
					/>
				)}
				<LinkButton
					look="secondary"
					href={`${frame.base}/security/one-time-codes`}
					label={since === null ? "Set up one-time codes" : "Disable one-time codes"}
				/>
			</div>
		</Section>
	);
}

export interface TurnOnCodesProps {
	readonly frame: ConsoleFrame;
	readonly nonce: string;
	readonly secret: string;
	readonly uri: string;
	/** Ten recovery codes with them, for whoever has none left. */
	readonly makeCodes: boolean;
	readonly ways: WaysToProve;
	readonly errors: FieldErrors<CodeField>;
}

/** `GET …/security/one-time-codes` */
export function turnOnCodesView({ frame, nonce, secret, uri, makeCodes, ways, errors }: TurnOnCodesProps): string {
	return renderConsolePage({
		frame,
		title: "Set up one-time codes",
		failed: Object.values(errors).some(Boolean),
		children: (
			<FormCard
				action={`${frame.base}/security/one-time-codes`}
				frame={frame}
				fields={{ change: "on", nonce, ...(makeCodes && { recovery: "make" }) }}
				errors={errors}
				submit="Enable one-time codes"
				cancel={`${frame.base}/security`}
				intro={
					<>
						{makeCodes && (
							<p>
								You get ten recovery codes with it: without your app they are the way in. Where you have neither,
								somebody has to let you in.
							</p>
						)}
						<SecretOnce secret={secret} uri={uri} />
					</>
				}
			>
				<CodeField error={errors.code} />
				<ProofFields
					ways={ways}
					hint="Asked for again, because whoever does this is let in by it."
					error={errors.password}
				/>
			</FormCard>
		),
	});
}

/** `GET …/security/one-time-codes/change` */
export function changeCodesView(props: Omit<TurnOnCodesProps, "makeCodes">): string {
	const { frame, nonce, secret, uri, ways, errors } = props;
	return renderConsolePage({
		frame,
		title: "Change the authenticator app",
		failed: Object.values(errors).some(Boolean),
		children: (
			<FormCard
				action={`${frame.base}/security/one-time-codes/change`}
				frame={frame}
				fields={{ nonce }}
				errors={errors}
				submit="Use the new app"
				cancel={`${frame.base}/security`}
				intro={
					<>
						<p>
							Until you enter a code of the new app, the old one counts; from then on, it does not. Your recovery codes
							stay.
						</p>
						<SecretOnce secret={secret} uri={uri} />
					</>
				}
			>
				<CodeField error={errors.code} />
				<ProofFields
					ways={ways}
					hint="Asked for again, because whoever does this is let in by it."
					error={errors.password}
				/>
			</FormCard>
		),
	});
}

function SecretOnce({ secret, uri }: Pick<TurnOnCodesProps, "secret" | "uri">) {
	return (
		<>
			<p>Scan this with an authenticator app. What it holds is shown only now: keep no picture of it.</p>
			<QrCode text={uri} label="QR code for an authenticator app" />
			<p>Where your app cannot scan, type this key in, as one that goes by time:</p>
			<Copyable id="secret" text={grouped(secret)} label="Copy key" />
		</>
	);
}

export interface TurnOffCodesProps {
	readonly frame: ConsoleFrame;
	/** Whether they signed in by their password alone. */
	readonly asksCode: boolean;
	readonly ways: WaysToProve;
	readonly errors: FieldErrors<CodeField>;
}

/** The same page, where they are on. */
export function turnOffCodesView({ frame, asksCode, ways, errors }: TurnOffCodesProps): string {
	return renderConsolePage({
		frame,
		title: "Disable one-time codes",
		failed: Object.values(errors).some(Boolean),
		children: (
			<FormCard
				action={`${frame.base}/security/one-time-codes`}
				frame={frame}
				fields={{ change: "off" }}
				errors={errors}
				submit="Disable one-time codes"
				cancel={`${frame.base}/security`}
				intro={<p>Whoever has your password needs nothing else then. Your recovery codes stay.</p>}
			>
				{asksCode && <CodeField error={errors.code} />}
				<ProofFields
					ways={ways}
					hint="Asked for again, because it makes your sign-in weaker."
					error={errors.password}
				/>
			</FormCard>
		),
	});
}

function CodeField({ error }: { readonly error: string | null | undefined }) {
	return (
		<Field
			name="code"
			label="One-time code"
			autocomplete="one-time-code"
			keys="numeric"
			hint="The six digits that your app shows now."
			error={error}
		/>
	);
}

/** In fours, as people read it from a screen; apps take it with the spaces. */
function grouped(secret: string): string {
	return secret.replaceAll(/(.{4})(?=.)/g, "$1 ");
}

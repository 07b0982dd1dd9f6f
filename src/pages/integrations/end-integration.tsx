import { Name, StrongName } from "../../ui/name.tsx";
import type { ProofAgain } from "../../ui/proof-fields.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";

export interface EndIntegrationProps {
	readonly frame: ConsoleFrame;
	readonly name: string;
	readonly action: string;
	readonly cancelUrl: string;
}

interface Proven {
	readonly proof: ProofAgain | null;
}

/** `installed`: "12 times, in 4 accounts", or null where it never was. */
export function confirmEndView(props: EndIntegrationProps & Proven & { readonly installed: string | null }): string {
	const { frame, name, installed, action, cancelUrl, proof } = props;
	return confirmationView({
		frame,
		proof,
		title: "Delete the integration?",
		about: name,
		action,
		cancelUrl,
		confirm: "Delete this integration",
		children: (
			<>
				<p>
					<StrongName text={name} />{" "}
					{installed === null ? "is not installed anywhere." : <>is installed {installed}.</>} This cannot be undone.
					Within 30 seconds:
				</p>
				<ul>
					{installed !== null && <li>every one of these grants ends: its access and refresh tokens are refused;</li>}
					<li>its secrets and codes are refused;</li>
					<li>nobody can install it any more, and its logo is gone.</li>
				</ul>
			</>
		),
	});
}

/** `installed` as above. */
export function confirmEndTokensView(props: EndIntegrationProps & { readonly installed: string | null }): string {
	const { frame, name, installed, action, cancelUrl } = props;
	return confirmationView({
		frame,
		title: "End all of its tokens?",
		about: name,
		action,
		cancelUrl,
		confirm: "End all of its tokens",
		children: (
			<>
				<p>
					<StrongName text={name} />{" "}
					{installed === null ? "is not installed anywhere." : <>is installed {installed}.</>} Within 30 seconds every
					token that it has is refused, and all that people allowed it is over.
				</p>
				<p>The integration stays, with its secrets: it can be installed, and allowed everything, anew.</p>
			</>
		),
	});
}

/** `fields` say which secrets were there when it was asked. */
export function confirmEndSecretView(
	props: EndIntegrationProps & Proven & { readonly fields: Readonly<Record<string, string>> },
): string {
	const { frame, name, action, cancelUrl, fields, proof } = props;
	return confirmationView({
		frame,
		proof,
		fields,
		title: "End the older secret?",
		about: name,
		action,
		cancelUrl,
		confirm: "End the older secret",
		children: (
			<p>
				Every server of <Name text={name} /> that still uses the older secret is refused within 30 seconds. What people
				allowed stays: with the new secret it goes on.
			</p>
		),
	});
}

export function confirmEndRegistrationView({ frame, name, action, cancelUrl }: EndIntegrationProps): string {
	return confirmationView({
		frame,
		title: "Revoke its registration token?",
		about: name,
		action,
		cancelUrl,
		confirm: "Revoke the token",
		children: (
			<p>
				<StrongName text={name} /> cannot read, change or delete its registration any more. What it is registered for
				and what people allowed it stays; you can still change it here. The token cannot be given back.
			</p>
		),
	});
}

export interface RevokeInstallProps extends EndIntegrationProps {
	readonly personName: string | null;
}

export function confirmRevokeView({ frame, name, personName, action, cancelUrl }: RevokeInstallProps): string {
	return confirmationView({
		frame,
		title: "Revoke access?",
		about: name,
		action,
		cancelUrl,
		confirm: "Revoke access",
		children: (
			<p>
				<StrongName text={name} /> loses its access to {frame.account.name} that{" "}
				{personName === null ? "a program" : <Name text={personName} />} gave it: its tokens are refused everywhere, at
				once. It can be installed again later.
			</p>
		),
	});
}

import { confirmationView } from "../frame/confirmation.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { Name, StrongName } from "../../ui/name.tsx";
import type { ProofAgain } from "../../ui/proof-fields.tsx";

interface Asked {
	readonly frame: ConsoleFrame;
	readonly action: string;
	readonly cancelUrl: string;
}

export interface KeyDeletionProps extends Asked {
	readonly name: string;
	/** The descriptions of its access codes. */
	readonly codes: readonly string[];
	/** The names of the accounts that have linked it. */
	readonly accounts: readonly string[];
	readonly proof: ProofAgain | null;
}

/** Contract 003: deletion asks first, and cuts off every link. */
export function keyDeletionView(props: KeyDeletionProps): string {
	const { frame, name, codes, accounts, action, cancelUrl, proof } = props;
	return confirmationView({
		frame,
		title: "Delete API key?",
		about: name,
		proof,
		action,
		confirm: "Delete this key",
		cancelUrl,
		children: (
			<>
				<p>
					<StrongName text={name} /> will be gone for good: this cannot be undone.
				</p>
				<Stops title="Services that use these access codes stop working" names={codes} />
				<Stops title="It no longer opens these accounts, which have linked it" names={accounts} />
				{codes.length === 0 && accounts.length === 0 && <p>It has no access codes, and nobody has linked it.</p>}
			</>
		),
	});
}

function Stops({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
	if (names.length === 0) return null;
	return (
		<>
			<p>{title}:</p>
			<ul>
				{names.map((each) => (
					<li key={each}>
						<Name text={each === "" ? "Without a description" : each} />
					</li>
				))}
			</ul>
		</>
	);
}

export function keyTokensView({ frame, name, action, cancelUrl }: Asked & { readonly name: string }): string {
	return confirmationView({
		frame,
		title: "End all of its login tokens?",
		about: name,
		action,
		confirm: "End all of its login tokens",
		cancelUrl,
		children: (
			<p>
				Everything that logged in with <StrongName text={name} />, here and in accounts that have linked it, has to log
				in again, from its next request on. Its access codes stay good: to stop them, disable the key.
			</p>
		),
	});
}

/** The linker's side. */
export function linkRemovalView(props: Asked & Pick<KeyDeletionProps, "name" | "proof">): string {
	const { frame, name, action, cancelUrl, proof } = props;
	return confirmationView({
		frame,
		proof,
		title: "Remove link?",
		about: name,
		action,
		confirm: "Remove this link",
		cancelUrl,
		children: (
			<p>
				Everything that uses <StrongName text={name} /> in this account stops working. The key itself stays with its
				owner.
			</p>
		),
	});
}

/** The owner's side. */
export function linkCutView(props: Asked & { readonly name: string; readonly account: string }): string {
	const { frame, name, account, action, cancelUrl } = props;
	return confirmationView({
		frame,
		title: "Remove this link?",
		about: name,
		action,
		confirm: "Remove this link",
		cancelUrl,
		children: (
			<p>
				<StrongName text={name} /> will no longer open the account <StrongName text={account} />. That account can link
				the key again while it knows its ID; to prevent that, disable the link instead.
			</p>
		),
	});
}

/** Contract 003: an access code that was disabled before. */
export function codeDeletionView(
	props: Asked &
		Pick<KeyDeletionProps, "name" | "proof"> & { readonly description: string; readonly lastUsed: string | null },
): string {
	const { frame, description, name, lastUsed, action, cancelUrl, proof } = props;
	return confirmationView({
		frame,
		title: "Delete access code?",
		about: name,
		proof,
		action,
		confirm: "Delete this access code",
		cancelUrl,
		children: (
			<>
				<p>
					<StrongName text={description === "" ? "Without a description" : description} />, an access code of{" "}
					<Name text={name} />, will be gone for good: this cannot be undone.
				</p>
				<p>
					Services that rely on it stop working for good.{" "}
					{lastUsed === null ? "It was never used." : `It was last used ${lastUsed}.`}
				</p>
			</>
		),
	});
}

export function policyDeletionView(props: Asked & { readonly name: string; readonly keys: readonly string[] }): string {
	const { frame, name, keys, action, cancelUrl } = props;
	return confirmationView({
		frame,
		title: "Delete policy?",
		about: name,
		action,
		confirm: "Delete this policy",
		cancelUrl,
		children: (
			<>
				<p>
					<StrongName text={name} /> will be gone for good: this cannot be undone. Within 30 seconds it permits nothing
					any more.
				</p>
				<Stops title="These API keys use it, and lose what it permits" names={keys} />
				{keys.length === 0 && <p>No API key uses it.</p>}
			</>
		),
	});
}

import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { PasskeyPart } from "../../ui/passkey-part.tsx";
import { HiddenFields } from "../../ui/post-form.tsx";
import { asked, ProviderButtons } from "./provider-buttons.tsx";
import type { Shell } from "../../words/shell.ts";

export interface SignInProps {
	readonly shell: Shell;
	readonly action: string;
	/** Where the person goes afterwards; travels as the field `continue`. */
	readonly continueTo: string;
	/** What was typed before, or empty. */
	readonly username: string;
	readonly error: string | null;
	/** Whether a provider is to ask them, whoever is signed in there. */
	readonly anew: boolean;
	/** By which a passkey is asked for: see endpoint/ask-for-passkey.ts. */
	readonly passkey: string;
	/** Why somebody has to sign in who did already, or null. */
	readonly notice: string | null;
	/** What else there is: providers of the deployment, and whether some address leads to one of an account. */
	readonly ways: {
		readonly providers: readonly { readonly id: string; readonly name: string }[];
		readonly byAddress: boolean;
	};
	/** Who sent the person here, where they were on their way to install or to allow something. */
	readonly asking: {
		readonly kind: "integration" | "application";
		readonly name: string;
		readonly description: string;
		readonly logoUrl: string | null;
		/** Where it says that it comes from; null where somebody here answers for it. */
		readonly unverifiedHost: string | null;
		/** Where its answer goes. */
		readonly redirectHost: string;
		/** Where `decision=deny` is posted to, by who does not want to sign in: it is told no more than that. */
		readonly cancel: string;
	} | null;
}

/** Posts `username`, `password` and `continue`, or `passkey` and `continue`. The password is never sent back. */
export function signInView(props: SignInProps): string {
	const { shell, action, continueTo, username, passkey, error, anew, notice, ways, asking } = props;
	const { common, signIn: say, passkey: ofPasskey } = shell.words;
	return renderCard({
		shell,
		title: common.signIn,
		failed: error !== null,
		children: (
			<>
				{asking && (
					<div class="asking">
						<Logo name={asking.name} logoUrl={asking.logoUrl} />
						<div>
							<p>{say.toContinue(<StrongName class="clamp" text={asking.name} />)}</p>
							{asking.description !== "" && (
								<p class="muted clamp">
									<Name text={asking.description} />
								</p>
							)}
							{asking.unverifiedHost !== null && (
								<p class="muted clamp">
									{asking.unverifiedHost === asking.redirectHost
										? say.unchecked
										: say.saysItIsFrom(<Name text={asking.unverifiedHost} />)}{" "}
									{say.answerGoesTo(<StrongName text={asking.redirectHost} />)}
								</p>
							)}
						</div>
					</div>
				)}
				{notice !== null && <p>{notice}</p>}
				<ErrorSummary problem={error} />
				<form method="post" action={action}>
					<HiddenFields fields={{ continue: continueTo, ...asked(anew) }} />
					<Field
						name="username"
						label={common.userName}
						autocomplete="username webauthn"
						value={username}
						hint={ways.byAddress ? say.byAddress : null}
					/>
					<Field
						name="password"
						label={common.password}
						type="password"
						autocomplete="current-password"
						required={!ways.byAddress}
					/>
					<div class="actions">
						<button type="submit">{common.signIn}</button>
					</div>
				</form>
				<form method="post" action={`${action}/passkey`}>
					<HiddenFields fields={{ continue: continueTo, ...asked(anew) }} />
					<PasskeyPart does="get" options={passkey} label={ofPasskey.signIn} autofill />
				</form>
				{ways.providers.length > 0 && <p class="muted aside">{say.or}</p>}
				<ProviderButtons providers={ways.providers} continueTo={continueTo} anew={anew} look="outline" />
				<p class="aside">
					<a href="/recover">{say.cannotGetIn}</a>
				</p>
				{asking && (
					<form method="post" action={asking.cancel}>
						<HiddenFields fields={{ decision: "deny" }} />
						<div class="actions">
							<button type="submit" class="outline secondary">
								{common.cancel}
							</button>
						</div>
					</form>
				)}
				{asking && <p class="muted aside">{say.staysWith[asking.kind](shell.brand.name)}</p>}
			</>
		),
	});
}

export interface ProviderSignInProps {
	readonly shell: Shell;
	readonly provider: { readonly id: string; readonly name: string };
	readonly continueTo: string;
	readonly anew: boolean;
	/** The address that led here, or empty. */
	readonly address: string;
}

/** Where somebody is to sign in at a provider that they were led to. */
export function providerSignInView({ shell, provider, continueTo, anew, address }: ProviderSignInProps): string {
	const { common, signIn: say } = shell.words;
	const there = <StrongName text={provider.name} />;
	return renderCard({
		shell,
		title: common.signIn,
		children: (
			<>
				<p>{address === "" ? say.through(there) : say.peopleThrough(address, there)}</p>
				<ProviderButtons providers={[provider]} continueTo={continueTo} anew={anew} loginHint={address} />
				<p class="aside">
					<a href={`/sign-in?continue=${encodeURIComponent(continueTo)}${anew ? "&anew=1" : ""}`}>{common.otherWay}</a>
				</p>
			</>
		),
	});
}

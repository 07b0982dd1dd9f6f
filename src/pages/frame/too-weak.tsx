import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { renderConsolePage } from "./console-frame.tsx";
import type { ConsoleFrame } from "./frame.ts";
import { useWords } from "../../ui/words.ts";

/** For whoever signed in more weakly than the account asks: where they do so, and where they set up by what. */
export function SecondFactorWays({ base, continueTo }: { readonly base: string; readonly continueTo: string }) {
	const { consent: say } = useWords();
	return (
		<>
			<p>{say.twoFactors}</p>
			<p class="row">
				<LinkButton href={`/sign-in?continue=${encodeURIComponent(continueTo)}`} label={say.signInAgain} />
				<LinkButton look="secondary" href={`${base}/security`} label={say.setOneUp} />
			</p>
		</>
	);
}

/** For whoever did not come in by the provider that an account asks for. */
export function ProviderWay(props: {
	readonly name: string;
	readonly providerId: string;
	readonly continueTo: string;
}) {
	const { name, providerId, continueTo } = props;
	const { consent: say } = useWords();
	const query = new URLSearchParams({ provider: providerId, continue: continueTo });
	return (
		<>
			<p>{say.ownProvider(<Name text={name} />)}</p>
			<p class="row">
				<LinkButton href={`/sign-in?${query.toString()}`} label={say.throughIt} about={say.forAccount(name)} />
			</p>
		</>
	);
}

/** In the place of every page that is the account's. */
export function onlyThroughView(props: {
	readonly frame: ConsoleFrame;
	readonly providerId: string;
	readonly continueTo: string;
}): string {
	const { frame, providerId, continueTo } = props;
	return renderConsolePage({
		frame,
		title: "Through its provider alone",
		failed: true,
		children: (
			<div class="card">
				<ProviderWay name={frame.account.name} providerId={providerId} continueTo={continueTo} />
				<p class="row">
					<LinkButton
						look="secondary"
						href={`${frame.base}/security/providers/${providerId}/link`}
						label="Link it first"
					/>
				</p>
				<p class="muted">What you allowed applications before, and your own API tokens, go on.</p>
			</div>
		),
	});
}

/** In the place of every page that is the account's. */
export function tooWeakView({
	frame,
	continueTo,
}: {
	readonly frame: ConsoleFrame;
	readonly continueTo: string;
}): string {
	return renderConsolePage({
		frame,
		title: "A second factor is needed",
		failed: true,
		children: (
			<div class="card">
				<p>
					<Name text={frame.account.name} /> does not open to this sign-in.
				</p>
				<SecondFactorWays base={frame.base} continueTo={continueTo} />
				<p class="muted">What you allowed applications before, and your own API tokens, go on.</p>
			</div>
		),
	});
}

/** In the place of a page by which whoever has but a password would get around the second factor that its owner has. */
export function secondFactorFirstView(props: { readonly frame: ConsoleFrame; readonly continueTo: string }): string {
	const { frame, continueTo } = props;
	return renderConsolePage({
		frame,
		title: "Your second factor first",
		failed: true,
		children: (
			<div class="card">
				<p>You have a second factor: sign in by it before you change how you get in.</p>
				<p class="row">
					<LinkButton href={`/sign-in?continue=${encodeURIComponent(continueTo)}`} label="Sign in again" />
					<LinkButton look="secondary" href="/recover" label="I have lost it" />
				</p>
			</div>
		),
	});
}

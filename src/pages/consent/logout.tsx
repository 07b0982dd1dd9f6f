import { renderDocument } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name } from "../../ui/name.tsx";

interface Whoever {
	readonly name: string;
	readonly username: string;
}

export interface LogoutProps {
	readonly action: string;
	readonly csrf: string;
	readonly person: Whoever;
	/** Who asks; null where nobody says. */
	readonly client: {
		readonly name: string;
		readonly logoUrl: string | null;
		/** Where it says that it comes from; null where an account here answers for it. */
		readonly unverifiedHost: string | null;
	} | null;
	/** Where the person goes on to; null where they stay here. */
	readonly returnHost: string | null;
	/** Whether it was asked for somebody else than who is signed in. */
	readonly isForAnother: boolean;
	readonly error: string | null;
}

/** Asks whether to sign out. Posts `csrf` and `decision`, which is `sign_out` or `stay`. */
export function logoutView({ action, csrf, person, client, returnHost, isForAnother, error }: LogoutProps): string {
	return renderDocument({
		title: "Sign out",
		width: "narrow",
		failed: error !== null,
		children: (
			<div class="card">
				{client === null ? (
					<h1>Sign out?</h1>
				) : (
					<div class="asker">
						<Logo name={client.name} logoUrl={client.logoUrl} />
						<h1 class="clamp">
							<Name text={client.name} /> asks you to sign out
						</h1>
						{client.unverifiedHost !== null && (
							<p class="muted">
								It says that it comes from <Name text={client.unverifiedHost} />. Nobody here has checked that.
							</p>
						)}
					</div>
				)}
				<ErrorSummary errors={error === null ? [] : [{ message: error, field: null }]} />
				<p>
					You are signed in here as{" "}
					<strong>
						<Name text={person.name} />
					</strong>{" "}
					(<Name text={person.username} />
					). Signing out ends that in this browser. What you allowed applications to do stays allowed.
				</p>
				{isForAnother && (
					<p class="notice">
						This was asked for somebody else than you: another person used the application. Sign out only if you want
						to.
					</p>
				)}
				{returnHost !== null && (
					<section aria-labelledby="destination">
						<h2 id="destination">Where you go next</h2>
						<p>
							Once you are signed out you return to{" "}
							<strong class="host">
								<Name text={returnHost} />
							</strong>
							.
						</p>
					</section>
				)}
				<Choice action={action} csrf={csrf} />
			</div>
		),
	});
}

/** For who is signed in, where the link is wrong: nothing of it is followed, but they may sign out. */
export function notLoggedOutView(props: {
	readonly title: string;
	readonly detail: string;
	readonly action: string;
	readonly csrf: string;
	readonly person: Whoever;
}): string {
	const { title, detail, action, csrf, person } = props;
	return renderDocument({
		title,
		width: "narrow",
		failed: true,
		children: (
			<div class="card">
				<h1>{title}</h1>
				<p>{detail} You have not been signed out, and will not be sent anywhere.</p>
				<section aria-labelledby="next">
					<h2 id="next">What you can do</h2>
					<p>
						You are signed in here as <Name text={person.name} /> (<Name text={person.username} />
						). You can sign out here, and go back to where you came from by yourself.
					</p>
				</section>
				<Choice action={action} csrf={csrf} />
			</div>
		),
	});
}

function Choice({ action, csrf }: { readonly action: string; readonly csrf: string }) {
	return (
		<form method="post" action={action}>
			<input type="hidden" name="csrf" value={csrf} />
			<div class="actions">
				<button type="submit" name="decision" value="sign_out">
					Sign out
				</button>
				<button type="submit" name="decision" value="stay" class="outline secondary">
					Stay signed in
				</button>
			</div>
		</form>
	);
}

/** `onward`: where the link wanted to go on to, for the person to decide. */
export function signedOutView({ onward }: { readonly onward: { readonly url: string; readonly host: string } | null }) {
	return renderDocument({
		title: "You are signed out",
		width: "narrow",
		failed: false,
		children: (
			<div class="card">
				<h1>You are signed out</h1>
				<p>Nobody is signed in here in this browser.</p>
				{onward === null ? (
					<p class="aside">
						<a href="/">Go to the start page</a>
					</p>
				) : (
					<p class="aside">
						<a href={onward.url}>
							Go on to{" "}
							<strong class="host">
								<Name text={onward.host} />
							</strong>
						</a>
					</p>
				)}
			</div>
		),
	});
}

export function stillSignedInView(): string {
	return renderDocument({
		title: "You are still signed in",
		width: "narrow",
		failed: false,
		children: (
			<div class="card">
				<h1>You are still signed in</h1>
				<p>Nothing was changed. You can close this page.</p>
				<p class="aside">
					<a href="/console">Go to the console</a>
				</p>
			</div>
		),
	});
}

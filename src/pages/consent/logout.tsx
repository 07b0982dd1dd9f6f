import { renderCard, renderDocument } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name, PersonName, type PersonNameProps, StrongName } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import { ToStart } from "../../ui/problem.tsx";
import { Section } from "../../ui/section.tsx";
import type { Shell } from "../../words/shell.ts";

type Whoever = Omit<PersonNameProps, "strong">;

export interface LogoutProps {
	readonly shell: Shell;
	readonly action: string;
	readonly csrf: string;
	readonly person: Whoever;
	/** Who asks; null where nobody says. */
	readonly client: {
		readonly name: string;
		readonly logoUrl: string | null;
		/** Where it says that it comes from; null where an account here answers for it. */
		readonly unverifiedHost: string | null;
		readonly redirectHost: string;
	} | null;
	/** Where the person goes on to; null where they stay here. */
	readonly returnHost: string | null;
	/** Whether it was asked for somebody else than who is signed in. */
	readonly isForAnother: boolean;
	readonly error: string | null;
}

/** Asks whether to sign out. Posts `csrf` and `decision`, which is `sign_out` or `stay`. */
export function logoutView(props: LogoutProps): string {
	const { shell, action, csrf, person, client, returnHost, isForAnother, error } = props;
	return renderDocument({
		shell,
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
								{client.unverifiedHost === client.redirectHost ? (
									"It registered itself: nobody here has checked who it is."
								) : (
									<>
										It says that it comes from <Name text={client.unverifiedHost} />. Nobody here has checked that.
									</>
								)}
							</p>
						)}
					</div>
				)}
				<ErrorSummary problem={error} />
				<p>
					You are signed in here as <PersonName {...person} strong />. Signing out ends that in this browser. What you
					allowed applications to do stays allowed.
				</p>
				{isForAnother && (
					<p class="notice">
						This was asked for somebody else than you: another person used the application. Sign out only if you want
						to.
					</p>
				)}
				{returnHost !== null && (
					<Section id="destination" title="Where you go next">
						<p>
							Once you are signed out you return to <StrongName class="host" text={returnHost} />.
						</p>
					</Section>
				)}
				<Choice action={action} csrf={csrf} />
			</div>
		),
	});
}

/** For who is signed in, where the link is wrong: nothing of it is followed, but they may sign out. */
export function notLoggedOutView(props: {
	readonly shell: Shell;
	readonly title: string;
	readonly detail: string;
	readonly action: string;
	readonly csrf: string;
	readonly person: Whoever;
}): string {
	const { shell, title, detail, action, csrf, person } = props;
	return renderCard({
		shell,
		title,
		failed: true,
		children: (
			<>
				<p>{detail} You have not been signed out, and will not be sent anywhere.</p>
				<Section id="next" title="What you can do">
					<p>
						You are signed in here as <PersonName {...person} />. You can sign out here, and go back to where you came
						from by yourself.
					</p>
				</Section>
				<Choice action={action} csrf={csrf} />
			</>
		),
	});
}

function Choice({ action, csrf }: { readonly action: string; readonly csrf: string }) {
	return (
		<PostForm action={action} csrf={csrf}>
			<div class="actions">
				<button type="submit" name="decision" value="sign_out">
					Sign out
				</button>
				<button type="submit" name="decision" value="stay" class="outline secondary">
					Stay signed in
				</button>
			</div>
		</PostForm>
	);
}

/** `onward`: where the link wanted to go on to, for the person to decide. */
export function signedOutView(shell: Shell, onward: { readonly url: string; readonly host: string } | null) {
	return renderCard({
		shell,
		title: "You are signed out",
		children: (
			<>
				<p>Nobody is signed in here in this browser.</p>
				{onward === null ? (
					<ToStart />
				) : (
					<p class="aside">
						<a href={onward.url}>
							Go on to <StrongName class="host" text={onward.host} />
						</a>
					</p>
				)}
			</>
		),
	});
}

export function stillSignedInView(shell: Shell): string {
	return renderCard({
		shell,
		title: "You are still signed in",
		children: (
			<>
				<p>Nothing was changed. You can close this page.</p>
				<p class="aside">
					<a href="/console">Go to the console</a>
				</p>
			</>
		),
	});
}

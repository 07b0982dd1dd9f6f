import { renderCard, renderDocument } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Logo } from "../../ui/logo.tsx";
import { Name, PersonName, type PersonNameProps, StrongName } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import { ofRefusal, ToStart } from "../../ui/problem.tsx";
import { Section } from "../../ui/section.tsx";
import type { Shell } from "../../words/shell.ts";
import { useWords } from "../../ui/words.ts";

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
	const { logout: say, common } = shell.words;
	return renderDocument({
		shell,
		title: common.signOut,
		width: "narrow",
		failed: error !== null,
		children: (
			<div class="card">
				{client === null ? (
					<h1>{say.title}</h1>
				) : (
					<div class="asker">
						<Logo name={client.name} logoUrl={client.logoUrl} />
						<h1 class="clamp">{say.asks(<Name text={client.name} />)}</h1>
						{client.unverifiedHost !== null && (
							<p class="muted">
								{client.unverifiedHost === client.redirectHost
									? say.itself
									: say.saysItIsFrom(<Name text={client.unverifiedHost} />)}
							</p>
						)}
					</div>
				)}
				<ErrorSummary problem={error} />
				<p>{say.intro(<PersonName {...person} strong />)}</p>
				{isForAnother && <p class="notice">{say.forAnother}</p>}
				{returnHost !== null && (
					<Section id="destination" title={common.whereNext}>
						<p>{say.returnTo(<StrongName class="host" text={returnHost} />)}</p>
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
	const { logout: say, common } = shell.words;
	return renderCard({
		shell: ofRefusal(shell),
		title,
		failed: true,
		children: (
			<>
				<p>
					{detail} {say.notSignedOut}
				</p>
				<Section id="next" title={common.whatYouCanDo}>
					<p>{say.signOutHere(<PersonName {...person} />)}</p>
				</Section>
				<Choice action={action} csrf={csrf} />
			</>
		),
	});
}

function Choice({ action, csrf }: { readonly action: string; readonly csrf: string }) {
	const { logout: say, common } = useWords();
	return (
		<PostForm action={action} csrf={csrf}>
			<div class="actions">
				<button type="submit" name="decision" value="sign_out">
					{common.signOut}
				</button>
				<button type="submit" name="decision" value="stay" class="outline secondary">
					{say.stay}
				</button>
			</div>
		</PostForm>
	);
}

/** `onward`: where the link wanted to go on to, for the person to decide. */
export function signedOutView(shell: Shell, onward: { readonly url: string; readonly host: string } | null) {
	const { logout: say, onward: further } = shell.words;
	return renderCard({
		shell,
		title: say.doneTitle,
		children: (
			<>
				<p>{say.done}</p>
				{onward === null ? (
					<ToStart />
				) : (
					<p class="aside">
						<a href={onward.url}>{further.goOnTo(<StrongName class="host" text={onward.host} />)}</a>
					</p>
				)}
			</>
		),
	});
}

export function stillSignedInView(shell: Shell): string {
	const { logout: say, common } = shell.words;
	return renderCard({
		shell,
		title: say.stillTitle,
		children: (
			<>
				<p>{say.still}</p>
				<p class="aside">
					<a href="/console">{common.goToConsole}</a>
				</p>
			</>
		),
	});
}

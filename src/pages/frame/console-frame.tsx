import type { ComponentChildren } from "preact";
import { renderDocument } from "../../ui/document.tsx";
import { type FilledForm, FilledFormOfPage } from "../../ui/filled-form.ts";
import { clockIn, ClockOfPage, Instant } from "../../ui/instant.tsx";
import { plainText } from "../../ui/name.tsx";
import { Press } from "../../ui/post-form.tsx";
import { Bar } from "./bar.tsx";
import type { Frame } from "./frame.ts";
import type { KeptForm } from "./kept-form.ts";
import { Navigation, OnlyAdministrators, Parent, shownGroups } from "./navigation.tsx";

export interface ConsolePageProps {
	readonly frame: Frame;
	readonly title: string;
	/** The part of it that is shown, as its tabs name it: browsers' tabs and histories tell them apart by it. */
	readonly tab?: string;
	/** The name of the one thing that it is about, where its title does not say it. */
	readonly about?: string | undefined;
	/** Beside the title: what is created or done from here. */
	readonly actions?: ComponentChildren;
	/** What it says of what has just been done, by the frame's `done`. */
	readonly said?: Readonly<Record<string, string>>;
	/** What it says in the place of that. */
	readonly notice?: string | null;
	readonly failed?: boolean;
	readonly children: ComponentChildren;
}

/** A page of the console: the ways to the others, and at the top right the account and who is signed in. */
export function renderConsolePage(props: ConsolePageProps): string {
	const { frame, title, tab, about, actions, said = {}, failed, children } = props;
	const { done } = frame;
	const notice = props.notice ?? (done !== null && Object.hasOwn(said, done) ? said[done] : null);
	const shown = shownGroups(frame);
	return renderDocument({
		shell: frame.shell,
		title: [tab, title, about, frame.account?.name].filter(Boolean).join(" · "),
		width: "console",
		failed,
		bar: <Bar frame={frame} />,
		side: <Navigation groups={shown} />,
		children: (
			<ClockOfPage.Provider value={clockIn(frame.timeZone)}>
				<div class="page-head">
					<Parent links={shown.flatMap(({ links }) => links)} title={title} />
					<h1>{plainText(title)}</h1>
					{actions && <div class="row">{actions}</div>}
				</div>
				{!failed && <OnlyAdministrators frame={frame} />}
				{notice && <output class="notice">{notice}</output>}
				{frame.kept && <p class="notice warns">{frame.kept.fields ? filledIn : tooLong}</p>}
				<WrongPasswordsNotice frame={frame} />
				<FilledFormOfPage.Provider value={filledForm(frame.kept)}>{children}</FilledFormOfPage.Provider>
			</ClockOfPage.Provider>
		),
	});
}

const filledIn = "Your sign-in had ended. Here is what you filled in, without its secrets: nothing of it is saved yet.";
const tooLong = "Your sign-in had ended, and what you filled in was too long to be kept: nothing of it is saved.";

function filledForm(kept: KeptForm | null): FilledForm | null {
	return kept?.fields ? { action: kept.action, fields: kept.fields } : null;
}

/** On every page of an account, until its person says that they have seen it. */
function WrongPasswordsNotice({ frame }: { readonly frame: Frame }) {
	const { wrongPasswords: tried } = frame.person;
	if (!tried || !frame.account) return null;
	return (
		<section class="notice warns" aria-label="Wrong passwords">
			<p>
				{tried.count === 1 ? "A wrong password was" : `${tried.count} wrong passwords were`} tried for your user name in
				places where you had not signed in before,{" "}
				{tried.count > 1 && (
					<>
						the first <Instant at={tried.firstAt} now={frame.now} />,{" "}
					</>
				)}
				the last <Instant at={tried.lastAt} now={frame.now} />. If it was not you, somebody is guessing: see that your
				password is long, and used nowhere else.
			</p>
			<Press
				action={`${frame.base}/security/wrong-passwords`}
				csrf={frame.csrf}
				fields={{ last_at: String(tried.lastAt) }}
				label="I have seen this"
			/>
		</section>
	);
}

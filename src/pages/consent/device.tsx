import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { PersonName } from "../../ui/name.tsx";
import { SignOutForm, type SignOutProps } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";

export interface UserCodeProps {
	readonly shell: Shell;
	/** What was typed before, or empty. */
	readonly typed: string;
	readonly error: string | null;
	readonly person: { readonly name: string; readonly username: string };
	readonly signOut: SignOutProps;
}

/** Asks for the code that a device shows (RFC 8628 §3.3). Leads to the same page with `user_code`. */
export function userCodeView({ shell, typed, error, person, signOut }: UserCodeProps): string {
	const { device: say, common } = shell.words;
	return renderCard({
		shell,
		title: say.title,
		failed: error !== null,
		children: (
			<>
				<p>{say.intro}</p>
				<p class="muted">{say.warning}</p>
				<ErrorSummary errors={{ user_code: error }} />
				<form method="get" action="/device">
					<Field name="user_code" label={say.code} hint={say.codeHint} value={typed} error={error} />
					<div class="actions">
						<button type="submit">{say.submit}</button>
					</div>
				</form>
				<div class="whoami">
					<p class="clamp">{common.notYou(<PersonName {...person} />)}</p>
					<SignOutForm {...signOut} />
				</div>
			</>
		),
	});
}

/** After the answer: what happens is on the device. */
export function deviceAnsweredView(shell: Shell, isAllowed: boolean): string {
	const { device: say, common } = shell.words;
	return renderCard({
		shell,
		title: isAllowed ? say.allowedTitle : say.deniedTitle,
		children: (
			<>
				<p>{isAllowed ? say.allowed : say.denied}</p>
				<p class="aside">
					<a href="/console">{common.goToConsole}</a>
				</p>
			</>
		),
	});
}

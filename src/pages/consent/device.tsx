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
	return renderCard({
		shell,
		title: "Connect a device",
		failed: error !== null,
		children: (
			<>
				<p>A program or a device without a browser shows you a code. Type it here.</p>
				<p class="muted">
					Did somebody send you a code, or ask you for this by telephone? Then close this page: they would act in your
					name.
				</p>
				<ErrorSummary errors={{ user_code: error }} />
				<form method="get" action="/device">
					<Field name="user_code" label="Code" hint="Eight letters, such as BCDF-GHJK." value={typed} error={error} />
					<div class="actions">
						<button type="submit">Continue</button>
					</div>
				</form>
				<div class="whoami">
					<p class="clamp">
						Signed in as <PersonName {...person} />. Not you?
					</p>
					<SignOutForm {...signOut} />
				</div>
			</>
		),
	});
}

/** After the answer: what happens is on the device. */
export function deviceAnsweredView(shell: Shell, isAllowed: boolean): string {
	return renderCard({
		shell,
		title: isAllowed ? "Go back to your device" : "It was not let in",
		children: (
			<>
				<p>
					{isAllowed
						? "It goes on within a few seconds. You can close this page."
						: "The device is told that you said no. You can close this page."}
				</p>
				<p class="aside">
					<a href="/console">Go to the console</a>
				</p>
			</>
		),
	});
}

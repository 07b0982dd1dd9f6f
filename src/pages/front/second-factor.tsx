import { renderCard } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { PasskeyPart } from "../../ui/passkey-part.tsx";
import { HiddenFields } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";

export interface SecondFactorProps {
	readonly shell: Shell;
	readonly continueTo: string;
	readonly by: "code" | "recovery";
	readonly error: string | null;
	/** By which one of theirs is asked for in the place of both; null for who has none. */
	readonly passkey: string | null;
}

/** Posts `by`, `code` and `continue`; or `passkey`, as the page before does. */
export function secondFactorView({ shell, continueTo, by, error, passkey }: SecondFactorProps): string {
	const action = "/sign-in/second-factor";
	const here = `${action}?continue=${encodeURIComponent(continueTo)}`;
	const { common, secondFactor: say, passkey: ofPasskey } = shell.words;
	return renderCard({
		shell,
		title: by === "code" ? say.code : say.recovery,
		failed: error !== null,
		children: (
			<>
				<ErrorSummary errors={{ code: error }} />
				<form method="post" action={action}>
					<input type="hidden" name="continue" value={continueTo} />
					<input type="hidden" name="by" value={by} />
					{by === "code" ? (
						<Field
							name="code"
							label={say.code}
							autocomplete="one-time-code"
							keys="numeric"
							hint={say.codeHint}
							error={error}
						/>
					) : (
						<Field name="code" label={say.recovery} hint={say.recoveryHint} error={error} />
					)}
					<div class="actions">
						<button type="submit">{common.signIn}</button>
					</div>
				</form>
				{passkey !== null && (
					<form method="post" action="/sign-in/passkey">
						<HiddenFields fields={{ continue: continueTo }} />
						<PasskeyPart does="get" options={passkey} label={ofPasskey.signIn} />
					</form>
				)}
				<p class="aside">
					{by === "code" ? <a href={`${here}&by=recovery`}>{say.useRecovery}</a> : <a href={here}>{say.useApp}</a>}
				</p>
				<p class="aside">
					<a href={`/sign-in?continue=${encodeURIComponent(continueTo)}`}>{common.somebodyElse}</a>
				</p>
			</>
		),
	});
}

import { Badge } from "../../ui/badge.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

export interface AccountSettingsProps {
	readonly frame: ConsoleFrame;
	readonly notice: string | null;
	readonly name: string;
	readonly error: string | null;
	/** Whether access codes can be shown again. */
	readonly revealAllowed: boolean;
	readonly mayChange: boolean;
}

/** `GET /console/:slug/settings/account` */
export function accountSettingsView(props: AccountSettingsProps): string {
	const { frame, notice, name, error, revealAllowed, mayChange } = props;
	const action = actionOf(frame);
	return renderConsolePage({
		frame,
		title: "Settings",
		notice,
		failed: error !== null,
		children: (
			<>
				<SettingsTabs frame={frame} current="Account" />
				<ErrorSummary errors={error === null ? [] : [{ field: "name", message: error }]} />
				<section class="card" aria-labelledby="account-name">
					<h2 id="account-name">The account</h2>
					{mayChange ? (
						<PostForm action={action} csrf={frame.csrf}>
							<input type="hidden" name="change" value="name" />
							<Field
								name="name"
								label="Account name"
								type="text"
								autocomplete="organization"
								value={name}
								hint="As people call it."
								error={error}
							/>
							<div class="row">
								<button type="submit">Save name</button>
							</div>
						</PostForm>
					) : (
						<p>
							<Name text={name} />
						</p>
					)}
					<p class="muted aside">
						In URLs it is <code>{frame.account.slug}</code>, which cannot be changed.
					</p>
				</section>
				<section class="card" aria-labelledby="reveal">
					<h2 id="reveal">Showing access codes again</h2>
					<p>{revealAllowed ? <Badge tone="good" text="Allowed" /> : <Badge tone="off" text="Not allowed" />}</p>
					<p>
						{revealAllowed
							? "Whoever manages API keys can see an access code again after entering their password. Each time is in the audit log."
							: "An access code is shown once, when it is made, and never again."}
					</p>
					{mayChange && revealAllowed && (
						<p class="row">
							<a class="button secondary" href={`${action}/forbid-reveal`}>
								Do not allow it any more
							</a>
						</p>
					)}
					{mayChange && !revealAllowed && (
						<PostForm action={action} csrf={frame.csrf}>
							<input type="hidden" name="change" value="reveal" />
							<button type="submit" class="outline secondary small">
								Allow it for codes made from now on
							</button>
						</PostForm>
					)}
				</section>
				{!mayChange && <p class="muted">An administrator of the account can change these.</p>}
			</>
		),
	});
}

export function forbidRevealView({ frame }: { readonly frame: ConsoleFrame }): string {
	return confirmationView({
		frame,
		title: "Do not show access codes again",
		children: (
			<p>
				Nobody can see the access codes of <Name text={frame.account.name} /> again, and what was kept for showing them
				is deleted: allowing it later brings nothing back. The codes themselves go on working.
			</p>
		),
		action: `${actionOf(frame)}/forbid-reveal`,
		confirm: "Delete and forbid",
		cancelUrl: actionOf(frame),
	});
}

function actionOf({ account }: ConsoleFrame): string {
	return `/console/${account.slug}/settings/account`;
}

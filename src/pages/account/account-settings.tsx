import { OnOff } from "../../ui/badge.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton, PostForm, Press, PressTwice } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

export interface AccountSettingsProps {
	readonly frame: ConsoleFrame;
	readonly name: string;
	/** What its form was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly error: string | null;
	/** What no single field is to blame for. */
	readonly problem: string | null;
	/** Whether access codes can be shown again. */
	readonly revealAllowed: boolean;
	/** Whether administrators have alerts mailed; null where no mail is sent. */
	readonly alertMail: boolean | null;
	readonly isSecondFactorRequired: boolean;
	readonly mayChange: boolean;
}

const said = {
	name: "The account's name is saved. It is remembered elsewhere for at most 30 seconds.",
	alerts_mailed: "Alerts are mailed to administrators whose address is verified.",
	alerts_not_mailed: "Alerts are mailed to nobody any more. They stand here as ever.",
	second_factor:
		"The account opens to whoever signs in by two factors, and to nobody else. Elsewhere within half a minute.",
	one_factor: "The account asks for a second factor no more.",
	reveal: "Access codes that are created from now on can be shown again.",
	forbidden: "Access codes cannot be shown again any more.",
};

/** `GET /console/:slug/settings/account` */
export function accountSettingsView(props: AccountSettingsProps): string {
	const { frame, name, fields, error, problem, revealAllowed, alertMail, isSecondFactorRequired, mayChange } = props;
	const action = actionOf(frame);
	return renderConsolePage({
		frame,
		title: "Settings",
		tab: "Account",
		said,
		failed: error !== null || problem !== null,
		children: (
			<>
				<SettingsTabs frame={frame} current="Account" />
				<ErrorSummary errors={{ name: error }} problem={problem} />
				<Section class="card" id="account-name" title="The account">
					{mayChange ? (
						<PostForm action={action} csrf={frame.csrf} fields={{ change: "name", ...fields }}>
							<Field
								name="name"
								label="Account name"
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
				</Section>
				<Section class="card" id="reveal" title="Showing access codes again">
					<p>
						<OnOff on={revealAllowed} words={["Allowed", "Not allowed"]} />
					</p>
					<p>
						{revealAllowed
							? "Whoever manages API keys can see an access code again after entering their password. Each time is in the audit log."
							: "An access code is shown once, when it is created, and never again."}
					</p>
					{mayChange && revealAllowed && (
						<p class="row">
							<LinkButton look="secondary" href={`${action}/forbid-reveal`} label="Do not allow it any more" />
						</p>
					)}
					{mayChange && !revealAllowed && (
						<Press
							action={action}
							csrf={frame.csrf}
							fields={{ change: "reveal" }}
							label="Allow it for codes created from now on"
						/>
					)}
				</Section>
				<Section class="card" id="second-factor" title="A second factor">
					<p>
						<OnOff on={isSecondFactorRequired} words={["Required", "Not required"]} />
					</p>
					<p>
						{isSecondFactorRequired
							? "People of this account get in by a passkey, or by a password and a one-time code; who has neither is led to set one up."
							: "People of this account get in by whichever way they have set up, a password alone too."}{" "}
						It is asked at the console, when an application or a device is allowed something here, and at a login by
						password. Tokens that were given before go on, and API keys are not asked.
					</p>
					{mayChange && (
						<PressTwice
							action={action}
							csrf={frame.csrf}
							fields={{ change: "second_factor", second_factor: isSecondFactorRequired ? "off" : "on" }}
							label={isSecondFactorRequired ? "Do not require it any more" : "Require it"}
							confirm={isSecondFactorRequired ? "Do not require it" : "Require it"}
						>
							{isSecondFactorRequired
								? "Whoever has somebody's password gets in as them from then on."
								: "Whoever signed in by a password alone is out of the account within half a minute, until they set a second factor up."}
						</PressTwice>
					)}
				</Section>
				{alertMail !== null && (
					<Section class="card" id="alert-mail" title="Mail alerts to administrators">
						<p>
							<OnOff on={alertMail} words={["On", "Off"]} />
						</p>
						<p>
							Each administrator whose e-mail address is verified gets a letter for each alert that is new: that it is
							there, and where. What it is about stands in the console alone.
						</p>
						{mayChange && (
							<Press
								action={action}
								csrf={frame.csrf}
								fields={{ change: "alert_mail", alert_mail: alertMail ? "off" : "on" }}
								label={alertMail ? "Do not mail them any more" : "Mail them"}
							/>
						)}
					</Section>
				)}
				{!mayChange && <p class="muted">An administrator of the account can change these.</p>}
			</>
		),
	});
}

export function forbidRevealView({ frame }: { readonly frame: ConsoleFrame }): string {
	return confirmationView({
		frame,
		title: "Do not show access codes again?",
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

function actionOf({ base }: ConsoleFrame): string {
	return `${base}/settings/account`;
}

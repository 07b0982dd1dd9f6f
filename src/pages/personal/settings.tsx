import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { StrongName } from "../../ui/name.tsx";
import { NewPasswordField } from "../../ui/new-password-field.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { SettingsTabs } from "../frame/settings-tabs.tsx";
import { MyAccounts } from "./my-accounts.tsx";
import { CodesLeft, type CodesState } from "./recovery-codes.tsx";

export type SettingsField = "name" | "current_password" | "new_password";

export interface SettingsProps {
	readonly frame: ConsoleFrame;
	readonly name: string;
	/** What the form of the name was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly codes: CodesState;
	readonly errors: FieldErrors<SettingsField>;
	/** What no single field is to blame for. */
	readonly problem: string | null;
}

const said = {
	name: "Your name is saved.",
	password:
		"Your password is changed. Every other browser is signed out, and login sessions and recovery codes of the old one have ended.",
};

/** `GET /console/:slug/settings`: what is the person's own. */
export function settingsView({ frame, name, fields, codes, errors, problem }: SettingsProps): string {
	const action = `${frame.base}/settings`;
	return renderConsolePage({
		frame,
		title: "Settings",
		said,
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				<SettingsTabs frame={frame} current="You" />
				<ErrorSummary errors={errors} problem={problem} />
				<Section class="card" id="your-name" title="Your name">
					<PostForm action={action} csrf={frame.csrf} fields={{ change: "name", ...fields }}>
						<Field
							name="name"
							label="Name"
							autocomplete="name"
							value={name}
							hint="As your colleagues see you, in every account that you belong to."
							error={errors.name}
						/>
						<div class="row">
							<button type="submit">Save name</button>
						</div>
					</PostForm>
					<p class="muted aside">
						You sign in as <StrongName text={frame.person.username} />. A user name cannot be changed.
					</p>
				</Section>
				<Section class="card" id="your-password" title="Your password">
					<p>
						Changing it signs out every other browser, and ends every login session that your password opened and your
						recovery codes. What you allowed integrations and applications stays.
					</p>
					<PostForm action={action} csrf={frame.csrf} fields={{ change: "password" }}>
						<Field
							name="current_password"
							label="Current password"
							type="password"
							autocomplete="current-password"
							error={errors.current_password}
						/>
						<NewPasswordField name="new_password" label="New password" error={errors.new_password} />
						<div class="row">
							<button type="submit">Change password</button>
						</div>
					</PostForm>
				</Section>
				<MyAccounts frame={frame} />
				<Section class="card" id="your-codes" title="Recovery codes">
					<CodesLeft codes={codes} now={frame.now} />
					<div class="row">
						<LinkButton
							look="secondary"
							href={`${action}/recovery-codes`}
							label={codes.madeAt === null ? "Make recovery codes" : "Make new ones"}
						/>
					</div>
				</Section>
			</>
		),
	});
}

import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { StrongName } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { SettingsTabs } from "../frame/settings-tabs.tsx";
import { MyAccounts } from "./my-accounts.tsx";

export type SettingsField = "name";

export interface SettingsProps {
	readonly frame: ConsoleFrame;
	readonly name: string;
	/** What the form of the name was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly errors: FieldErrors<SettingsField>;
	/** What no single field is to blame for. */
	readonly problem: string | null;
}

const said = {
	name: "Your name is saved.",
};

/** `GET /console/:slug/settings`: what is the person's own. */
export function settingsView({ frame, name, fields, errors, problem }: SettingsProps): string {
	const action = `${frame.base}/settings`;
	return renderConsolePage({
		frame,
		title: "Settings",
		tab: "You",
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
						You sign in as <StrongName text={frame.person.username} />. A user name cannot be changed. How you get in
						stands under <a href={`${frame.base}/security`}>Sign-in and security</a>.
					</p>
				</Section>
				<MyAccounts frame={frame} />
			</>
		),
	});
}

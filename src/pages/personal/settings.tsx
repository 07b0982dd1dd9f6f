import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Name } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

export type SettingsField = "name" | "current_password" | "new_password";

export interface SettingsProps {
	readonly frame: ConsoleFrame;
	readonly notice: string | null;
	readonly name: string;
	readonly errors: Readonly<Partial<Record<SettingsField, string>>>;
}

/** `GET /console/:slug/settings`: what is the person's own. */
export function settingsView({ frame, notice, name, errors }: SettingsProps): string {
	const action = `/console/${frame.account.slug}/settings`;
	const wrong = order.flatMap((field) => {
		const message = errors[field];
		return message === undefined ? [] : [{ field, message }];
	});
	return renderConsolePage({
		frame,
		title: "Settings",
		notice,
		failed: wrong.length > 0,
		children: (
			<>
				<SettingsTabs frame={frame} current="You" />
				<ErrorSummary errors={wrong} />
				<section class="card" aria-labelledby="your-name">
					<h2 id="your-name">Your name</h2>
					<PostForm action={action} csrf={frame.csrf}>
						<input type="hidden" name="change" value="name" />
						<Field
							name="name"
							label="Name"
							type="text"
							autocomplete="name"
							value={name}
							hint="As your colleagues see you, in every account that you belong to."
							error={errors.name ?? null}
						/>
						<div class="row">
							<button type="submit">Save name</button>
						</div>
					</PostForm>
					<p class="muted aside">
						You sign in as{" "}
						<strong>
							<Name text={frame.person.username} />
						</strong>
						. A user name cannot be changed.
					</p>
				</section>
				<section class="card" aria-labelledby="your-password">
					<h2 id="your-password">Your password</h2>
					<p>
						Changing it signs out every other browser, and ends every login session that your password opened. What you
						allowed integrations and applications stays.
					</p>
					<PostForm action={action} csrf={frame.csrf}>
						<input type="hidden" name="change" value="password" />
						<Field
							name="current_password"
							label="Current password"
							type="password"
							autocomplete="current-password"
							value={null}
							hint={null}
							error={errors.current_password ?? null}
						/>
						<Field
							name="new_password"
							label="New password"
							type="password"
							autocomplete="new-password"
							value={null}
							hint="At least 12 characters. Best made and kept by a password manager."
							error={errors.new_password ?? null}
						/>
						<div class="row">
							<button type="submit">Change password</button>
						</div>
					</PostForm>
				</section>
			</>
		),
	});
}

const order: readonly SettingsField[] = ["name", "current_password", "new_password"];

import { renderDocument } from "../../ui/document.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";

type SetupField = "secret" | "account" | "slug" | "name" | "username" | "password";

export interface SetupProps {
	readonly action: string;
	/** What was typed before. Neither secret is ever sent back. */
	readonly values: Readonly<Record<Exclude<SetupField, "secret" | "password">, string>>;
	readonly errors: Partial<Readonly<Record<SetupField, string>>>;
}

/** The first account and its administrator. Posts the six {@link SetupField}s. */
export function setupView({ action, values, errors }: SetupProps): string {
	const wrong = order.flatMap((field) => {
		const message = errors[field];
		return message === undefined ? [] : [{ field, message }];
	});
	const error = (field: SetupField) => errors[field] ?? null;
	return renderDocument({
		title: "Set up latchkey",
		width: "narrow",
		failed: wrong.length > 0,
		children: (
			<div class="card">
				<h1>Set up latchkey</h1>
				<p class="muted">This makes the first account and the person who administers it. It can be done once.</p>
				<ErrorSummary errors={wrong} />
				<form method="post" action={action}>
					<Field
						name="secret"
						label="Setup secret"
						type="password"
						autocomplete="off"
						value={null}
						hint="Whoever deployed latchkey has it. It shows that this deployment is yours."
						error={error("secret")}
					/>
					<fieldset>
						<legend>The account</legend>
						<Field
							name="account"
							label="Account name"
							type="text"
							autocomplete="organization"
							value={values.account}
							hint="Your company or team, as people call it."
							error={error("account")}
						/>
						<Field
							name="slug"
							label="Short name"
							type="text"
							autocomplete="off"
							value={values.slug}
							hint="Stands for the account in URLs, such as acme."
							error={error("slug")}
						/>
					</fieldset>
					<fieldset>
						<legend>Its administrator</legend>
						<Field
							name="name"
							label="Your name"
							type="text"
							autocomplete="name"
							value={values.name}
							hint={null}
							error={error("name")}
						/>
						<Field
							name="username"
							label="User name"
							type="text"
							autocomplete="username"
							value={values.username}
							hint="You sign in with it."
							error={error("username")}
						/>
						<Field
							name="password"
							label="Password"
							type="password"
							autocomplete="new-password"
							value={null}
							hint="Best made and kept by a password manager."
							error={error("password")}
						/>
					</fieldset>
					<div class="actions">
						<button type="submit">Set up</button>
					</div>
				</form>
			</div>
		),
	});
}

export function setupDoneView({ signInUrl }: { readonly signInUrl: string }): string {
	return renderDocument({
		title: "latchkey is set up",
		width: "narrow",
		failed: false,
		children: (
			<div class="card">
				<h1>latchkey is set up</h1>
				<p>The account and its administrator are there. The setup secret opens nothing any more.</p>
				<div class="actions">
					<a class="button" href={signInUrl}>
						Sign in
					</a>
				</div>
			</div>
		),
	});
}

// As the fields stand on the page, so that the summary can be worked through from top to bottom.
const order: readonly SetupField[] = ["secret", "account", "slug", "name", "username", "password"];

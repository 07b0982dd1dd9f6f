import type { EditableOption } from "../../domain/client-option-values.ts";
import { ApplicationOptions, type ApplicationValues } from "./application-options.tsx";
import { Choices, RadioChoices } from "../../ui/choices.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field, SelectField } from "../../ui/field.tsx";
import { Logo } from "../../ui/logo.tsx";
import { type ProofAgain, ProofAgainFields } from "../../ui/proof-fields.tsx";
import { PostForm } from "../../ui/post-form.tsx";

/** What kind of client it is: an integration, or an application with or without a server that can keep a secret. */
export type ClientType = "integration" | "web" | "native";

export interface IntegrationValues extends ApplicationValues {
	readonly type: ClientType;
	readonly name: string;
	readonly description: string;
	/** SVG source; empty for none. */
	readonly logo: string;
	/** One a line. */
	readonly redirectUrls: string;
	readonly scopes: readonly string[];
	/** Empty: as is usual for its type. */
	readonly rotation: string;
	/** Seconds; empty: as is usual for its type. */
	readonly ttl: string;
	readonly actsForItself: boolean;
}

export interface IntegrationFormProps {
	readonly frame: ConsoleFrame;
	readonly title: string;
	readonly action: string;
	readonly cancelUrl: string;
	/** Whether it makes one, whose type is still open. */
	readonly isNew: boolean;
	/** What else it sends: what makes a new one, or what one that is there was drawn from. */
	readonly hidden: Readonly<Record<string, string>>;
	readonly values: IntegrationValues;
	readonly errors: Readonly<Record<string, string>>;
	/** What no single field is to blame for. */
	readonly problem: string | null;
	readonly permissions: readonly Option[];
	/** What it may ask for at other APIs. */
	readonly apis: readonly { readonly name: string; readonly options: readonly Option[] }[];
	readonly identity: readonly Option[];
	readonly options: readonly EditableOption[];
	/** Where the logo is that it has now, or null. */
	readonly logoUrl: string | null;
	/** Of a new one, which may have a secret. Null: they signed in not long ago. */
	readonly proof: ProofAgain | null;
}

interface Option {
	readonly value: string;
	readonly label: string;
	readonly hint: string;
}

const types = [
	{
		value: "integration",
		label: "Integration",
		hint: "People install it from a page of its own. Its server has a secret and keeps its refresh tokens.",
	},
	{
		value: "web",
		label: "Web application",
		hint: "Sends people to the authorization endpoint. Its server has a secret; refresh tokens are replaced at each use.",
	},
	{
		value: "native",
		label: "Native or browser application",
		hint: "Runs where no secret can be kept: it gets none, and has to use PKCE.",
	},
] as const;

const lives = [
	{ value: "900", label: "15 minutes" },
	{ value: "3600", label: "1 hour" },
	{ value: "28800", label: "8 hours" },
	{ value: "86400", label: "24 hours" },
];

/** Makes a client, or changes one. Posts as multipart/form-data, with the logo as the file `logo_file` or the text `logo`. */
export function integrationFormView(props: IntegrationFormProps): string {
	const { frame, title, action, cancelUrl, isNew, hidden, values, errors, problem, permissions, apis, logoUrl, proof } =
		props;
	const failed = Object.keys(errors).length > 0 || problem !== null || proof?.error != null;
	const error = (field: string) => errors[field] ?? null;
	return renderConsolePage({
		frame,
		title,
		about: isNew ? undefined : values.name,
		notice: null,
		failed,
		children: (
			<div class="card">
				<ErrorSummary
					errors={{
						...Object.fromEntries(Object.entries(errors).map(([field, message]) => [groupOf[field] ?? field, message])),
						password: proof?.error,
					}}
					problem={problem}
				/>
				<PostForm action={action} csrf={frame.csrf} fields={hidden} multipart>
					{isNew && (
						<RadioChoices legend="What it is" name="type" options={types} chosen={values.type} error={error("type")} />
					)}
					<Field
						name="name"
						label="Name"
						type="text"
						autocomplete="off"
						value={values.name}
						hint="People see it when they are asked to allow access."
						error={error("name")}
					/>
					<Field
						name="description"
						label="Description"
						type="multiline"
						required={false}
						autocomplete="off"
						value={values.description}
						hint="A sentence or two on what it does, at most 500 characters."
						error={error("description")}
					/>
					<div class="field">
						<label for="logo_file">Logo (an .svg file)</label>
						{logoUrl !== null && <Logo name={values.name} logoUrl={logoUrl} />}
						<input
							type="file"
							id="logo_file"
							name="logo_file"
							accept=".svg,image/svg+xml"
							aria-describedby="logo_file-hint"
						/>
						<p class="hint" id="logo_file-hint">
							As drawing programs save it; the drawing is kept, at most 32 KiB. No scripts, pictures inside it or
							anything loaded from elsewhere.
						</p>
					</div>
					<Field
						name="logo"
						label="Logo, as SVG source"
						type="multiline"
						required={false}
						autocomplete="off"
						value={values.logo}
						hint="In the place of a file. Empty it for no logo."
						error={error("logo")}
					/>
					<Field
						name="redirect_urls"
						label="Redirect URLs"
						type="multiline"
						required={false}
						autocomplete="off"
						value={values.redirectUrls}
						hint="One a line, at most 10: https, http on localhost, or a native application's own scheme. An integration's answer goes to the first; what only acts for itself has none."
						error={error("redirect_urls")}
					/>
					<Choices
						legend="What it may ask for"
						name="scopes"
						options={permissions}
						chosen={values.scopes}
						error={error("scopes")}
					/>
					{apis.map(({ name, options }, index) => (
						<Choices
							key={name}
							legend={`What it may ask for at ${name}`}
							name="scopes"
							id={`scopes-${index}`}
							options={options}
							chosen={values.scopes}
						/>
					))}
					<SelectField
						name="ttl"
						label="Access tokens are good for"
						options={lifeOptions(values.ttl, isNew)}
						chosen={values.ttl}
						hint={null}
						error={error("ttl")}
					/>
					{values.type !== "native" || isNew ? (
						<SelectField
							name="rotation"
							label="When a refresh token is used"
							options={[
								...(isNew ? [{ value: "", label: "As is usual for what it is" }] : []),
								{ value: "keep", label: "It stays the same (needs a secret)" },
								{ value: "rotate", label: "A new one takes its place" },
							]}
							chosen={values.rotation}
							hint="Holds for what is allowed from now on."
							error={error("rotation")}
						/>
					) : (
						<input type="hidden" name="rotation" value="rotate" />
					)}
					{(isNew || values.type === "web") && (
						<Choices
							legend="Without a person"
							name="further"
							options={[
								{
									value: "acts_for_itself",
									label: "It may act for itself",
									hint: "A web application only: it logs in by itself, and then may do all of the above in this account.",
								},
							]}
							chosen={values.actsForItself ? ["acts_for_itself"] : []}
							error={error("acts_for_itself")}
						/>
					)}
					<ApplicationOptions {...props} />
					<ProofAgainFields proof={proof} />
					<div class="row">
						<a class="button secondary" href={cancelUrl}>
							Cancel
						</a>
						<button type="submit">{isNew ? "Register" : "Save"}</button>
					</div>
				</PostForm>
			</div>
		),
	});
}

/** Boxes and buttons have an id of their group's. */
const groupOf: Readonly<Record<string, string>> = { acts_for_itself: "further" };

function lifeOptions(ttl: string, isNew: boolean) {
	const usual = isNew
		? [{ value: "", label: "As is usual: 24 hours for an integration, 1 hour for an application" }]
		: [];
	const other = ttl === "" || lives.some(({ value }) => value === ttl) ? [] : [{ value: ttl, label: `${ttl} seconds` }];
	return [...usual, ...lives, ...other];
}

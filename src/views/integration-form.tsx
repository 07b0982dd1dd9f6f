import { Choices } from "./choices.tsx";
import { type ConsoleFrame, renderConsolePage } from "./console-frame.tsx";
import { ErrorSummary } from "./error-summary.tsx";
import { Field } from "./field.tsx";
import { Logo } from "./logo.tsx";
import { PostForm } from "./post-form.tsx";
import { RadioChoices } from "./radio-choices.tsx";
import { SelectField } from "./select-field.tsx";

/** What kind of client it is: an integration, or an application with or without a server that can keep a secret. */
export type ClientType = "integration" | "web" | "native";

export interface IntegrationValues {
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

	// Of applications alone.
	/** Scopes of OpenID Connect. */
	readonly identity: readonly string[];
	/** How one with a server proves who it is. */
	readonly authentication: "client_secret" | "private_key_jwt";
	readonly requirePkce: boolean;
	readonly idTokenAlg: string;
	/** One a line. */
	readonly postLogoutUrls: string;
	/** A JWK set as JSON. */
	readonly jwks: string;
	readonly jwksUri: string;
	/** One a line. */
	readonly resources: string;
}

export type IntegrationField =
	| "type"
	| "name"
	| "description"
	| "logo"
	| "redirect_urls"
	| "scopes"
	| "rotation"
	| "ttl"
	| "acts_for_itself"
	| "identity"
	| "authentication"
	| "require_pkce"
	| "id_token_alg"
	| "post_logout_urls"
	| "jwks"
	| "jwks_uri"
	| "resources";

export interface IntegrationFormProps {
	readonly frame: ConsoleFrame;
	readonly title: string;
	readonly action: string;
	readonly cancelUrl: string;
	/** Of a new client, whose type is still open. */
	readonly hidden: Readonly<Record<string, string>> | null;
	readonly values: IntegrationValues;
	readonly errors: Readonly<Partial<Record<IntegrationField, string>>>;
	readonly permissions: readonly Option[];
	readonly identity: readonly Option[];
	/** Where the logo is that it has now, or null. */
	readonly logoUrl: string | null;
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
export function integrationFormPage(props: IntegrationFormProps): string {
	const { frame, title, action, cancelUrl, hidden, values, errors, permissions, logoUrl } = props;
	const isNew = hidden !== null;
	const failed = Object.keys(errors).length > 0;
	const error = (field: IntegrationField) => errors[field] ?? null;
	return renderConsolePage({
		frame,
		title,
		notice: null,
		failed,
		children: (
			<div class="card">
				<ErrorSummary
					errors={Object.entries(errors).map(([field, message]) => ({
						message,
						field: groupOf[field] ?? field,
					}))}
				/>
				<PostForm action={action} csrf={frame.csrf} multipart>
					{Object.entries(hidden ?? {}).map(([name, value]) => (
						<input key={name} type="hidden" name={name} value={value} />
					))}
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
							At most 32 KiB; drawing only, without scripts, links or anything loaded from elsewhere.
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
						autocomplete="off"
						value={values.redirectUrls}
						hint="One a line, at most 10: https, or http on localhost. An integration's answer goes to the first."
						error={error("redirect_urls")}
					/>
					<Choices
						legend="What it may ask for"
						name="scopes"
						options={permissions}
						chosen={values.scopes}
						error={error("scopes")}
					/>
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
					{(isNew || values.type !== "integration") && <ApplicationOptions {...props} />}
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
const groupOf: Readonly<Record<string, string>> = { acts_for_itself: "further", require_pkce: "pkce" };

const algorithms = ["RS256", "PS256", "ES256", "EdDSA"].map((value) => ({
	value,
	label: value === "RS256" ? "RS256 (what every client understands)" : value,
}));

/** What only applications have. In a new form its boxes are there for every kind, as the kind is still open. */
function ApplicationOptions({ hidden, values, errors, identity }: IntegrationFormProps) {
	const isNew = hidden !== null;
	const hasServer = isNew || values.type === "web";
	const error = (field: IntegrationField) => errors[field] ?? null;
	return (
		<details class="more" open={!isNew || mine.some((field) => errors[field] !== undefined)}>
			<summary>{isNew ? "For an application: who people are, and more" : "Who people are, and more"}</summary>
			<Choices
				legend="Who people are (OpenID Connect)"
				name="identity"
				options={identity}
				chosen={values.identity}
				error={error("identity")}
			/>
			<Field
				name="post_logout_urls"
				label="Return URLs after signing out"
				type="multiline"
				required={false}
				autocomplete="off"
				value={values.postLogoutUrls}
				hint="One a line, at most 10. People return to one of them, exactly as it stands here, after they sign out."
				error={error("post_logout_urls")}
			/>
			<SelectField
				name="id_token_alg"
				label="id_tokens are signed with"
				options={algorithms}
				chosen={values.idTokenAlg}
				hint={null}
				error={error("id_token_alg")}
			/>
			{hasServer && (
				<Choices
					legend="PKCE (RFC 7636)"
					name="pkce"
					options={[
						{
							value: "require_pkce",
							label: "It has to use PKCE",
							hint: "Protects its codes; leave it unless its software cannot. Without a secret it has to anyway.",
						},
					]}
					chosen={values.requirePkce ? ["require_pkce"] : []}
					error={error("require_pkce")}
				/>
			)}
			{isNew && (
				<RadioChoices
					legend="How a web application proves who it is"
					name="authentication"
					options={[
						{ value: "client_secret", label: "By a secret", hint: "It is made now, and shown once." },
						{
							value: "private_key_jwt",
							label: "By its own keys (private_key_jwt)",
							hint: "It signs what it sends, and gets no secret. Give its public keys below.",
						},
					]}
					chosen={values.authentication}
					error={error("authentication")}
				/>
			)}
			{(isNew || values.authentication === "private_key_jwt") && (
				<>
					<Field
						name="jwks"
						label="Public keys"
						type="multiline"
						required={false}
						autocomplete="off"
						value={values.jwks}
						hint="A JWK set as JSON, at most 16 KiB, without any private part."
						error={error("jwks")}
					/>
					<Field
						name="jwks_uri"
						label="URL of the keys"
						type="text"
						keys="url"
						required={false}
						autocomplete="off"
						value={values.jwksUri}
						hint="In the place of the keys: an https URL that it publishes them at, so that it can replace them by itself."
						error={error("jwks_uri")}
					/>
				</>
			)}
			{hasServer && (
				<Field
					name="resources"
					label="Resources that it serves"
					type="multiline"
					required={false}
					autocomplete="off"
					value={values.resources}
					hint="One URI a line, at most 10 (RFC 8707). It may have tokens checked that were issued for one of them."
					error={error("resources")}
				/>
			)}
		</details>
	);
}

const mine: readonly IntegrationField[] = [
	"identity",
	"authentication",
	"require_pkce",
	"id_token_alg",
	"post_logout_urls",
	"jwks",
	"jwks_uri",
	"resources",
];

function lifeOptions(ttl: string, isNew: boolean) {
	const usual = isNew
		? [{ value: "", label: "As is usual: 24 hours for an integration, 1 hour for an application" }]
		: [];
	const other = ttl === "" || lives.some(({ value }) => value === ttl) ? [] : [{ value: ttl, label: `${ttl} seconds` }];
	return [...usual, ...lives, ...other];
}

import { Choices, RadioChoices } from "../../ui/choices.tsx";
import { Field, SelectField } from "../../ui/field.tsx";

export interface ApplicationValues {
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

const fields = [
	"identity",
	"authentication",
	"require_pkce",
	"id_token_alg",
	"post_logout_urls",
	"jwks",
	"jwks_uri",
	"resources",
] as const;
export type ApplicationField = (typeof fields)[number];

interface ApplicationOptionsProps {
	/** In a new form the boxes are there for every kind, as the kind is still open. */
	readonly isNew: boolean;
	readonly hasServer: boolean;
	readonly values: ApplicationValues;
	readonly errors: Readonly<Partial<Record<ApplicationField, string>>>;
	readonly identity: readonly { readonly value: string; readonly label: string; readonly hint: string }[];
}

const algorithms = ["RS256", "PS256", "ES256", "EdDSA"].map((value) => ({
	value,
	label: value === "RS256" ? "RS256 (what every client understands)" : value,
}));

/** What only applications have. */
export function ApplicationOptions({ isNew, hasServer, values, errors, identity }: ApplicationOptionsProps) {
	const error = (field: ApplicationField) => errors[field] ?? null;
	return (
		<details class="more" open={!isNew || fields.some((field) => errors[field] !== undefined)}>
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

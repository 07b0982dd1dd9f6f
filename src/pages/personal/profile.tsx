import type { AddressField, ProfileField } from "../../domain/profile.ts";
import { Badge } from "../../ui/badge.tsx";
import { ErrorSummary, type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field, type FieldProps } from "../../ui/field.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

type FieldName = ProfileField | AddressField;

/** What was typed, or entered before. */
type ProfileValues = Readonly<Partial<Record<FieldName, string>>>;
type ProfileErrors = FieldErrors<FieldName>;

export interface ProfileProps {
	readonly frame: ConsoleFrame;
	readonly values: ProfileValues;
	/** What it was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly errors: ProfileErrors;
	/** What no single field is to blame for. */
	readonly problem: string | null;
	/** Whether the saved address is known to be theirs, or could be. */
	readonly verification: "none" | "verified" | "can_be" | "off";
}

interface Question extends Pick<FieldProps, "label" | "type" | "autocomplete" | "hint" | "keys"> {
	readonly name: FieldName;
}

const question = (
	name: FieldName,
	label: string,
	autocomplete: NonNullable<FieldProps["autocomplete"]>,
	hint: string | null = null,
	more: Pick<Question, "keys" | "type"> = {},
): Question => ({ name, label, autocomplete, hint, ...more });

/** By what an application asks for: each group is a scope of OpenID Connect. */
const groups: readonly { readonly legend: string; readonly asked: string; readonly questions: readonly Question[] }[] =
	[
		{
			legend: "About you",
			asked: "For applications that you allow to see your profile, with your name and user name.",
			questions: [
				question("given_name", "Given name", "given-name"),
				question("middle_name", "Middle name", "additional-name"),
				question("family_name", "Family name", "family-name"),
				question("nickname", "Nickname", "nickname"),
				question("gender", "Gender", "sex"),
				question(
					"birthdate",
					"Date of birth",
					"bday",
					"YYYY-MM-DD; YYYY for the year alone, or 0000-MM-DD without it.",
				),
				question("profile", "Page about you", "url", "A URL.", { keys: "url" }),
				question("picture", "Picture of you", "photo", "The URL of an image.", { keys: "url" }),
				question("website", "Website", "url", "A URL.", { keys: "url" }),
				question("locale", "Language", "language", "A language tag, such as en-GB."),
				question("zoneinfo", "Time zone", "off", "By its IANA name, such as Europe/London."),
			],
		},
		{
			legend: "E-mail",
			asked:
				"For applications that you allow to see your e-mail address. They are told whether it is known to be yours.",
			questions: [question("email", "E-mail address", "email", null, { keys: "email" })],
		},
		{
			legend: "Telephone",
			asked: "For applications that you allow to see your phone number. They are told that nobody has checked it.",
			questions: [
				question("phone_number", "Phone number", "tel", "With the country code, such as +44 20 7946 0000.", {
					keys: "tel",
				}),
			],
		},
		{
			legend: "Postal address",
			asked: "For applications that you allow to see your postal address.",
			questions: [
				question("street_address", "Street", "street-address", "House number and street, or a box.", {
					type: "multiline",
				}),
				question("locality", "City", "address-level2"),
				question("region", "State or region", "address-level1"),
				question("postal_code", "Postal code", "postal-code"),
				question("country", "Country", "country-name"),
			],
		},
	];

const said = {
	email_link: "A link is on its way to your address. It works once, for a day; a later one takes its place.",
	email_verified: "Your e-mail address is verified.",
	profile: "Your profile is saved. Applications that you allow to see it see the change within 30 seconds.",
};

/** `GET /console/:slug/settings/profile`. Posts every field under the name of its claim. */
export function profileView({ frame, values, fields, errors, problem, verification }: ProfileProps): string {
	const wrong = Object.fromEntries(
		groups.flatMap(({ questions }) =>
			questions.flatMap(({ name, label }) => (errors[name] ? [[name, `${label}: ${errors[name]}`]] : [])),
		),
	);
	return renderConsolePage({
		frame,
		title: "Settings",
		tab: "Profile",
		said,
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				<SettingsTabs frame={frame} current="Profile" />
				<ErrorSummary errors={wrong} problem={problem} />
				<Section class="card" id="your-profile" title="Your profile">
					<p>
						What you say of yourself, to applications that you sign in to with latchkey. You need not say anything. An
						application sees a part of it only if it asks, and you allow it.
					</p>
					<PostForm action={`${frame.base}/settings/profile`} csrf={frame.csrf} fields={fields}>
						{groups.map(({ legend, asked, questions }) => (
							<fieldset key={legend}>
								<legend>{legend}</legend>
								<p class="muted">{asked}</p>
								{questions.map((each) => (
									<Field
										key={each.name}
										{...each}
										required={false}
										value={values[each.name]}
										error={errors[each.name]}
									/>
								))}
								{legend === "E-mail" && verification === "verified" && (
									<p>
										<Badge tone="good" text="Verified" /> Another address has to be verified anew.
									</p>
								)}
								{legend === "E-mail" && verification === "can_be" && (
									<p>
										The address that is saved is not verified.{" "}
										<a href={`${frame.base}/settings/profile/email`}>Verify it by a link</a>
									</p>
								)}
							</fieldset>
						))}
						<div class="row">
							<button type="submit">Save profile</button>
						</div>
					</PostForm>
				</Section>
			</>
		),
	});
}

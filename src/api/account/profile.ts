import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import type { Profile } from "../../domain/identity.ts";
import type { Person } from "../../domain/person.ts";
import { addressFields, profileFields } from "../../domain/profile.ts";
import { sha256 } from "../../crypto/digest.ts";
import { etag, ifMatch, preconditionFailed } from "../../http/preconditions.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import type { Body } from "../guard/access.ts";
import { proofSchema, refuseProof } from "../proof.ts";
import { conflict, overtaken } from "../refusals.ts";
import type { Proof } from "../../operations/checks/prove-person.ts";
import { askForVerification } from "../../operations/people/verify-address.ts";
import { saveProfile } from "../../operations/people/person-settings.ts";
import { forPerson, forProvenWayIn, notAPerson } from "./for-person.ts";

// The names are those of the claims (OIDC Core §5.1, §5.1.1). What each of them may be is said in domain/profile.ts.

const text = (name: string) =>
	v.optional(
		v.pipe(
			v.string("is a string"),
			v.maxLength(2048, "is too long"),
			v.description(`The claim \`${name}\` (OIDC Core §5.1).`),
		),
	);
const addressSchema = titled("PostalAddress", v.strictObject(textFields(addressFields)));
const profileSchema = titled(
	"EditProfile",
	v.strictObject({
		...textFields(profileFields),
		address: v.optional(described(addressSchema, "The postal address (OIDC Core §5.1.1).")),
	}),
);
const shownSchema = titled(
	"Profile",
	v.object({
		...profileSchema.entries,
		updated_at: v.optional(instant("When it was last changed; left out where nothing was ever entered.")),
	}),
);

/** `GET /v1/profile`, by a person's own login token. */
async function readProfile(_: Call, { profile = {} }: Person): Promise<Response> {
	return json(200, shown(profile), { etag: await tagOf(profile) });
}

async function tagOf(profile: Profile): Promise<string> {
	return etag(await sha256(JSON.stringify(profile)));
}

/** `PUT /v1/profile`: the whole of it. What is left out is there no more. */
async function writeProfile({ request, address, services }: Call, person: Person): Promise<Response> {
	const body = await readJson(request, profileSchema);
	if (!body.ok) return body.response;
	const isFor = ifMatch(request);
	const edit = async (now: Profile) => (isFor(await tagOf(now)) ? given(body.value) : "stale");
	const saved = await saveProfile(person, edit, address, services);
	switch (saved.kind) {
		case "saved":
			return json(200, shown(saved.profile), { etag: await tagOf(saved.profile) });
		case "stale":
			return preconditionFailed();
		case "overtaken":
			return overtaken();
		case "invalid": {
			const detail = saved.problems.map((each) => `${each.field}: ${each.detail}`).join(" ");
			return problem(400, detail, { code: "wrong_members", more: { errors: saved.problems } });
		}
		case "unknown":
			return notAPerson();
	}
}

/** `updated_at` is an instant as others of this API are; as a claim it is a number. */
function shown({ updated_at: updatedAt, ...entered }: Profile): v.InferOutput<typeof shownSchema> {
	return { ...entered, ...(updatedAt !== undefined && { updated_at: writeInstant(updatedAt) }) };
}

/** Without the members that are undefined. */
function given({ address, ...said }: v.InferOutput<typeof profileSchema>) {
	return { ...defined(said), ...(address && { address: defined(address) }) };
}

function defined<Field extends string>(fields: Readonly<Partial<Record<Field, string | undefined>>>) {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
		Record<Field, string>
	>;
}

function textFields<Field extends string>(names: readonly Field[]): Record<Field, ReturnType<typeof text>> {
	return Object.fromEntries(names.map((name) => [name, text(name)])) as Record<Field, ReturnType<typeof text>>;
}

/** `POST /v1/profile/verify_email`: a link to the address that they have entered. */
async function verifyEmail(
	{ address, services }: Call,
	person: Person,
	_: Body<typeof proofSchema>,
	proof: Proof,
): Promise<Response> {
	const asked = await askForVerification(person, { proof, address, knownAs: null }, services);
	switch (asked.kind) {
		case "on_its_way":
			return json(202, { email: asked.email });
		case "none":
			return conflict("There is no e-mail address in the profile: save one with PUT /v1/profile first.");
		case "verified":
			return conflict("The address is verified already: there is nothing to do.");
		case "off":
			return conflict("This deployment sends no mail: whoever runs it can set MAIL_FROM.");
		default:
			return refuseProof(asked, proof);
	}
}

const unauthorized = { description: "No login token, or one that is not valid any more." };
const forbidden = { description: "The login token of a key, not of a person." };

export const readProfileEndpoint = endpoint(forPerson(readProfile), {
	tag: "Profile",
	summary: "Read what you say of yourself",
	tagged: true,
	description:
		"By a person's own login token (`POST /auth/login` with user name and password). Its members are claims of OpenID Connect; " +
		"those that you have not entered are left out. Applications see them only if you allow it.",
	credentials: ["bearer"],
	login: "own",
	answers: {
		200: { description: "The profile.", schema: shownSchema },
		400: { description: "Two credentials that differ." },
		401: unauthorized,
		403: forbidden,
	},
});

export const writeProfileEndpoint = endpoint(forPerson(writeProfile), {
	tag: "Profile",
	summary: "Write what you say of yourself",
	tagged: true,
	description:
		"The whole of it: what is left out, or empty, is there no more. Text is trimmed; a telephone number is kept in E.164, a " +
		"language tag in its canonical form. Applications that you allow to see it see the change within 30 seconds.",
	credentials: ["bearer"],
	login: "own",
	body: {
		media: ["application/json"],
		schema: profileSchema,
		example: {
			given_name: "Ada",
			family_name: "Lovelace",
			birthdate: "1815-12-10",
			website: "https://ada.example",
			email: "ada@acme.example",
			phone_number: "+44 20 7946 0000",
			locale: "en-GB",
			zoneinfo: "Europe/London",
			address: { street_address: "12 St James's Square", locality: "London", country: "UK" },
		},
	},
	answers: {
		200: { description: "The profile as it is now.", schema: shownSchema },
		400: { description: "`errors` names each field that is wrong, and why." },
		401: unauthorized,
		403: forbidden,
		409: { description: "It is changed all the time." },
		413: { description: "The body is larger than 64 KiB." },
	},
});

export const verifyEmailEndpoint = endpoint(forProvenWayIn(proofSchema, verifyEmail), {
	tag: "Profile",
	summary: "Have a link sent to your e-mail address",
	description:
		"To the address that the profile has, where this deployment sends mail. Whoever opens the link within a day, signed in as this " +
		"person, makes it verified: for every application that may see it, and as a way back in. A later link takes its place.",
	credentials: ["bearer"],
	login: "own",
	body: { media: ["application/json"], schema: proofSchema, example: { password: "the person's own" } },
	answers: {
		202: {
			description: "It is on its way.",
			schema: titled("EmailLink", v.object({ email: described(v.string(), "Where to.") })),
		},
		400: { description: "The body is not as documented." },
		401: unauthorized,
		403: { description: "The proof is wrong, or the login token is a key's." },
		409: { description: "There is no address, it is verified already, or this deployment sends no mail." },
		413: { description: "The body is larger than 64 KiB." },
		429: { description: "Too many wrong proofs, or too many links." },
	},
});

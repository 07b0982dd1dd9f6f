import * as v from "valibot";
import type { Person } from "../../domain/person.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { described, titled } from "../../http/described.ts";
import { readJson } from "../../http/read-json.ts";
import { json } from "../../http/reply.ts";
import { requestOptions } from "../../operations/people/passkeys.ts";
import { unconditionally } from "../guard/access.ts";
import { conflict } from "../refusals.ts";
import { forPerson } from "./for-person.ts";

const schema = titled(
	"MakePasskeyChallenge",
	v.strictObject({
		for: v.pipe(
			v.string("is a string"),
			v.maxLength(512, "is too long"),
			v.regex(/^(POST|PUT|PATCH|DELETE) \/v1\/[\w./~-]+$/, "is a method and a path, such as PUT /v1/profile/password"),
			v.description("The operation that it is to prove something for: its method and its path, with every id in it."),
		),
	}),
);

/** `POST /v1/profile/passkey_challenges` */
async function makeChallenge({ request, services }: Call, person: Person): Promise<Response> {
	const body = await readJson(request, schema);
	if (!body.ok) return body.response;
	const wanted = { purpose: "prove_by_api", browser: body.value.for, person: person.id } as const;
	const options = await requestOptions(wanted, services);
	return options.allowCredentials.length === 0
		? conflict("You have no passkey: give your password, or add a passkey in the console.")
		: json(200, options);
}

const text = v.string();
const passkeySchema = titled(
	"PasskeyDescriptor",
	v.object({
		type: described(text, "`public-key`."),
		id: described(text, "By which its device knows it, in base64url."),
		transports: described(v.array(text), "How a browser reaches it."),
	}),
);

export const makePasskeyChallengeEndpoint = endpoint(forPerson(unconditionally(makeChallenge)), {
	tag: "Profile",
	changesNothing: true,
	summary: "Ask for a challenge for one of your passkeys",
	description:
		"By a person's own login token. What a passkey makes of the answer (WebAuthn, `navigator.credentials.get`, on a page of this host, " +
		"or a program that speaks to a security key) is the member `passkey` of the request that it is for: in the place of the password, " +
		"and as a second factor. It is good once, for five minutes, for that request of that person alone.",
	credentials: ["bearer"],
	login: "own",
	body: { media: ["application/json"], schema, example: { for: "PUT /v1/profile/password" } },
	answers: {
		200: {
			description: "The options, as `PublicKeyCredential.parseRequestOptionsFromJSON` reads them.",
			schema: titled(
				"PasskeyChallenge",
				v.object({
					challenge: described(text, "What is signed."),
					timeout: described(v.number(), "For how long it is good, in milliseconds."),
					rpId: described(text, "The host that the passkey is for."),
					allowCredentials: described(v.array(passkeySchema), "The passkeys that you have."),
					userVerification: described(text, "`required`: the device asks for a PIN or a finger."),
				}),
			),
		},
		400: { description: "No such operation, or two credentials that differ." },
		401: { description: "No login token, or one that is not valid any more." },
		403: { description: "The login token of a key, not of a person." },
		409: { description: "You have no passkey." },
		413: { description: "The body is larger than 64 KiB." },
	},
});

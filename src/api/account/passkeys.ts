import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { bounds } from "../../domain/bounds.ts";
import type { Passkey } from "../../domain/passkey.ts";
import type { Person } from "../../domain/person.ts";
import { described, instant, titled } from "../../http/described.ts";
import { fieldProblem, problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import { empty, json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import * as operations from "../../operations/people/passkeys.ts";
import { name } from "../keys/fields.ts";
import { notFound } from "../refusals.ts";
import { forPerson, forWaysIn } from "./for-person.ts";

const passkeySchema = titled(
	"Passkey",
	v.object({
		id: described(v.string(), "22 characters of base64url."),
		name: described(v.string(), "What its person calls it."),
		synced: described(v.boolean(), "Whether it may be on more devices than one."),
		created_at: instant("When it was registered."),
		last_used_at: v.nullable(instant("When it last signed; null where it never did.")),
	}),
);
const renameSchema = titled("RenamePasskey", v.strictObject({ name }));

/** `GET /v1/profile/passkeys` */
async function listPasskeys({ services }: Call, person: Person): Promise<Response> {
	return json(200, { passkeys: (await operations.listPasskeys(person, services)).map(shown) });
}

/** `PATCH /v1/profile/passkeys/{id}` */
async function renamePasskey({ request, params, address, services }: Call, person: Person): Promise<Response> {
	const body = await readJson(request, renameSchema);
	if (!body.ok) return body.response;
	const given = { id: params.id ?? "", name: body.value.name, address };
	const renamed = await operations.renamePasskey(person, given, services);
	switch (renamed.kind) {
		case "renamed":
			return json(200, shown(renamed.passkey));
		case "name":
			return fieldProblem("wrong_members", "name", "It takes 1 to 100 printable characters.");
		case "unknown":
			return notFound("passkey");
	}
}

/** `DELETE /v1/profile/passkeys/{id}` */
async function removePasskey({ params, address, services }: Call, person: Person): Promise<Response> {
	const given = { id: params.id ?? "", signIn: null, address };
	switch (await operations.removePasskey(person, given, services)) {
		case "removed":
			return empty(204);
		case "last":
			// Their password was removed at the same time, and with it the token ends.
			return problem(403, "Without it you could not sign in any more: add another passkey or a password first.");
		case "unknown":
			return notFound("passkey");
	}
}

function shown({ id, name: called, isSynced, createdAt, lastUsedAt }: Passkey): v.InferOutput<typeof passkeySchema> {
	return {
		id,
		name: called,
		synced: isSynced,
		created_at: writeInstant(createdAt),
		last_used_at: writeInstant(lastUsedAt),
	};
}

const asked = {
	400: { description: "Two credentials that differ." },
	401: { description: "No login token, or one that is not valid any more." },
	403: { description: "The login token of a key, not of a person." },
};
const path = { id: "The passkey's `id`." };

export const listPasskeysEndpoint = endpoint(forPerson(listPasskeys), {
	tag: "Profile",
	summary: "List your passkeys",
	description: `By a person's own login token. The oldest first, all of them: there are at most ${bounds.passkeys.most}. They are made in the console, since it takes a browser.`,
	credentials: ["bearer"],
	login: "own",
	answers: {
		200: {
			description: "The passkeys.",
			schema: titled("Passkeys", v.object({ passkeys: described(v.array(passkeySchema), "The oldest first.") })),
		},
		...asked,
	},
});

export const renamePasskeyEndpoint = endpoint(forPerson(renamePasskey), {
	tag: "Profile",
	summary: "Rename a passkey",
	description:
		"By a person's own login token. What it is called opens nothing; of two who rename it at once the last one counts.",
	path,
	credentials: ["bearer"],
	login: "own",
	body: { media: ["application/json"], schema: renameSchema, example: { name: "Blue security key" } },
	answers: {
		200: { description: "The passkey as it is now.", schema: passkeySchema },
		...asked,
		400: { description: "No such name, or two credentials that differ." },
		404: { description: "You have no passkey of that id." },
		413: { description: "The body is larger than 64 KiB." },
	},
});

export const removePasskeyEndpoint = endpoint(forWaysIn(removePasskey), {
	tag: "Profile",
	summary: "Remove a passkey",
	description:
		"By a person's own login token. It signs nobody in any more, and every browser that its person is signed in with is signed out. " +
		"Not the last way in of somebody who has no password.",
	path,
	credentials: ["bearer"],
	login: "own",
	answers: {
		204: { description: "It is removed." },
		...asked,
		403: { description: "The login token of a key, or it is your last way in." },
		404: { description: "You have no passkey of that id." },
	},
});

import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import { problem } from "../../http/problem.ts";
import { readJson } from "../../http/read-json.ts";
import { json } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpoint } from "../../endpoint/endpoint.ts";
import { behind } from "../../endpoint/guard.ts";
import { loginToken } from "../../endpoint/login-token.ts";
import type { Person } from "../../domain/person.ts";
import { recoveryCodeCount } from "../../domain/recovery.ts";
import { makeRecoveryCodes, recoveryCodesOf } from "../../operations/people/recovery-codes.ts";
import { type LinkMade, makeLinkAsAdmin, makeLinkAsOperator } from "../../operations/people/recovery-links.ts";
import type { Proof } from "../../operations/checks/prove-person.ts";
import type { OperatorActor } from "../../operations/actor.ts";
import type { LoginToken } from "../../operations/tokens/sessions.ts";
import type { Body } from "../guard/access.ts";
import { bodyEndpointForOperator, notAnOperator } from "../guard/operator.ts";
import { conflict, notFound } from "../refusals.ts";
import { anyProof, proofSchema, readProof, refuseProof } from "../proof.ts";
import { forPerson, forProvenWayIn } from "./for-person.ts";

/** `GET /v1/profile/recovery_codes` */
async function readCodes({ services }: Call, person: Person): Promise<Response> {
	const { left, madeAt } = await recoveryCodesOf(person, services);
	return json(200, { left, made_at: writeInstant(madeAt) });
}

/** `POST /v1/profile/recovery_codes` */
async function makeCodes(
	{ address, services }: Call,
	person: Person,
	_: Body<typeof proofSchema>,
	proof: Proof,
): Promise<Response> {
	const made = await makeRecoveryCodes({ person, knownAs: person.id }, { proof, nonce: null, address }, services);
	return made.kind === "made" ? json(201, { codes: made.codes }) : refuseProof(made, proof);
}

/** `POST /v1/people/{id}/recovery_links`, by an administrator's own login token: no permission that software can have says it. */
async function makeMemberLink(call: Call, { facts }: LoginToken): Promise<Response> {
	const { request, params, address, services } = call;
	const body = await readJson(request, proofSchema);
	if (!body.ok) return body.response;
	const read = readProof(body.value, call);
	if (!read.ok) return read.response;
	const actor = { subject: facts.subject, accountId: facts.accountId, permissions: [], address };
	const made = await makeLinkAsAdmin(params.id ?? "", read.proof, actor, services);
	return answerLink(made, read.proof, "This needs the login token of an administrator of the account.");
}

const anybodySchema = titled(
	"MakeRecoveryLink",
	v.strictObject({ username: described(v.string("is a string"), "Whom it is for, by their user name."), ...anyProof }),
);

/** `POST /v1/recovery_links` */
async function makeAnybodysLink(
	call: Call,
	operator: OperatorActor,
	{ username, ...given }: Body<typeof anybodySchema>,
): Promise<Response> {
	const read = readProof(given, call);
	if (!read.ok) return read.response;
	const made = await makeLinkAsOperator(username.trim(), read.proof, operator, call.services);
	return answerLink(made, read.proof, notAnOperator);
}

function answerLink(made: LinkMade, proof: Proof, notPermitted: string): Response {
	switch (made.kind) {
		case "made":
			return json(201, { url: made.url, expires_at: writeInstant(made.expiresAt) });
		case "unknown":
			return notFound("person");
		case "beyond":
			return conflict("They have more than this account, and the link would open all of it: an operator can make one.");
		case "self":
			return conflict("You know your password: change it in your settings.");
		case "not_permitted":
			return problem(403, notPermitted);
		default:
			return refuseProof(made, proof);
	}
}

const asked = {
	400: { description: "No proof, or several; or two credentials differ." },
	401: { description: "No login token, or one that is not valid any more." },
	413: { description: "The body is larger than 64 KiB." },
	429: { description: "Too many wrong proofs; `Retry-After` says when to try again." },
};
const example = { password: "correct horse battery staple" };
const linkSchema = titled(
	"RecoveryLink",
	v.object({
		url: described(
			v.string(),
			"Where they choose a new password. Shown this once: tell it to them and to nobody else.",
		),
		expires_at: instant("When it ends, if it was not used and the password has not changed before."),
	}),
);

export const readRecoveryCodesEndpoint = endpoint(forPerson(readCodes), {
	tag: "Profile",
	summary: "See how many recovery codes you have left",
	description: "By a person's own login token. The codes themselves are shown when they are created, and never again.",
	credentials: ["bearer"],
	login: "own",
	answers: {
		200: {
			description: "How many are left, and when they were created.",
			schema: titled(
				"RecoveryCodesLeft",
				v.object({
					left: described(v.number(), "Those that nobody has used."),
					made_at: v.nullable(instant("When they were made; null where there are none.")),
				}),
			),
		},
		400: { description: "Two credentials that differ." },
		401: asked[401],
		403: { description: "The login token of a key, not of a person." },
	},
});

export const makeRecoveryCodesEndpoint = endpoint(forProvenWayIn(proofSchema, makeCodes), {
	tag: "Profile",
	summary: "Create new recovery codes",
	description:
		`By a person's own login token and their password, or another proof, once more. ${recoveryCodeCount} codes take the place of all that there were. ` +
		"Each sets a new password once, at `/recover`, with the user name and nothing else; a new password that was set in another " +
		"way ends them.",
	credentials: ["bearer"],
	login: "own",
	body: { media: ["application/json"], schema: proofSchema, example },
	answers: {
		201: {
			description: "The codes, this once.",
			schema: titled(
				"RecoveryCodes",
				v.object({ codes: described(v.array(v.string()), "Each such as `abcd-efgh-jkmn-pqrs-tuvw-xyz2`.") }),
			),
		},
		...asked,
		403: { description: "The login token of a key, or the proof is wrong." },
	},
});

export const makeMemberLinkEndpoint = endpoint(behind(loginToken, makeMemberLink), {
	tag: "People",
	summary: "Create a link to a new password for a person of the account",
	description:
		"By the login token of an administrator of the account, and their password, or another proof, once more, for somebody who belongs to this account " +
		"alone and does not run the deployment. The link is good once, for 24 hours, while the password is the one of now and whoever " +
		"made it administers the account. It ends the person's sign-ins and login sessions; what they allowed applications stays. The " +
		"audit log has it, and the account is alerted.",
	path: { id: "The person, by the `sub` of their tokens." },
	credentials: ["bearer"],
	login: "admin",
	body: { media: ["application/json"], schema: proofSchema, example },
	answers: {
		201: { description: "The link, this once.", schema: linkSchema },
		...asked,
		403: { description: "The login token is not an administrator's, or the proof is wrong." },
		404: { description: "Nobody of that id belongs to the account." },
		409: { description: "They belong to other accounts too, run the deployment, or are whoever asks." },
	},
});

export const makeAnybodysLinkEndpoint = bodyEndpointForOperator(makeAnybodysLink, {
	tag: "Operation",
	summary: "Create a link to a new password for anybody",
	description:
		"By an operator's own login token, and their password, or another proof, once more. The link is good once, for 24 hours, while the password is the " +
		"one of now and whoever made it is an operator. It ends the person's sign-ins and login sessions; what they allowed applications " +
		"stays. The audit log of each account of theirs has it, and each is alerted.",
	body: { schema: anybodySchema, example: { username: "grace", ...example } },
	answers: {
		201: { description: "The link, this once.", schema: linkSchema },
		400: asked[400],
		403: { description: "The login token is not an operator's, or the proof is wrong." },
		404: { description: "Nobody has that user name." },
		409: { description: "It is their own: who knows their password changes it." },
		429: asked[429],
	},
});

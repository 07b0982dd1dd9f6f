import { randomId } from "../../crypto/random.ts";
import { pairAnswer } from "../../dialects/token-pair.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { type Headers, page } from "../../http/reply.ts";
import { nameRule, readName } from "../../domain/display-name.ts";
import type { Services } from "../../operations/services.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { generatePairs } from "../../operations/tokens/token-pairs.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { apiAccessView, generatedTokensView } from "./api-access.tsx";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET /console/:slug/api-access` */
export const apiAccessPage = inConsole("api-access", null, (visit) => access(visit, 200, null));

/** `POST /console/:slug/api-access`, "Generate Tokens": 200 with the tokens, which no other page shows. */
export const generateTokensPage = inConsole("api-access", null, async (visit) => {
	const { actor, form, frame, services } = visit;
	const nonce = form.get("id");
	if (!isFormNonce(nonce)) return access(visit, 400, "The form was damaged, so nothing was done. Try again.");
	const typed = form.get("name") ?? "";
	const name = typed.trim() === "" ? null : readName(typed);
	const days = daysOffered(services).find((each) => String(each) === form.get("days")) ?? null;
	if (typed.trim() !== "" && name === null) return access(visit, 400, null, {}, null, nameRule);
	// What they open they open for as long as they are refreshed, and the third of them deletes.
	const unproved = await refusedProof(visit);
	if (unproved) {
		const [status, error, headers] = unproved;
		return access(visit, status, null, headers, error);
	}
	const generated = await generatePairs({ name, days }, nonce, actor, services);
	switch (generated.kind) {
		case "taken":
			return access(visit, 409, "These tokens were shown already. If you have lost them, generate new ones.");
		case "limited": {
			const wait = tryAgain(generated.retryAfter);
			const said = `You have generated tokens 20 times within the hour. ${wait}`;
			return access(visit, 429, said, rateLimitHeaders(generated));
		}
		case "generated": {
			const pairs = generated.pairs.map(({ scopes, ...tokens }) => ({ scope: scopes.join(" "), ...tokens }));
			const file = Object.fromEntries(generated.pairs.map((pair) => [pair.scopes.join(" "), pairAnswer(pair)]));
			const shown = { frame, pairs, file: `${JSON.stringify(file, null, 2)}\n`, ...addresses(visit) };
			return page(200, generatedTokensView(shown));
		}
	}
});

async function access(
	visit: Visit,
	status: number,
	error: string | null,
	headers?: Headers,
	unproved: string | null = null,
	nameError: string | null = null,
): Promise<Response> {
	const nonce = randomId(visit.services.random);
	const proof = await proofAgain(visit, unproved);
	const { frame, form, services } = visit;
	const values = { name: form.get("name") ?? "", days: form.get("days") ?? "" };
	const asked = { nonce, values, days: daysOffered(services), longest: longestDays(services), nameError };
	return page(status, apiAccessView({ frame, ...asked, error, proof, ...addresses(visit) }), headers);
}

function longestDays({ config }: Services): number {
	return Math.floor(config.grantTtl / 86_400);
}

/** What ends sooner than the longest does. */
function daysOffered(services: Services): readonly number[] {
	return [1, 7, 30, 90].filter((days) => days < longestDays(services));
}

/** Contract 002: `https://{domain}/api/{version}/organizations/{org}/{endpoint}` */
function addresses({ account, services }: Visit) {
	const { issuer, pairTokenTtl } = services.config;
	return {
		baseUrl: `${issuer}/api/v4/organizations/${account.slug}/`,
		refreshUrl: `${issuer}/v4/oauth/access_token`,
		hours: pairTokenTtl / 3600,
	};
}

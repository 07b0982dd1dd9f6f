import type { CodeState } from "../../domain/code-state.ts";
import { fileNameOf, keyFileFormats, writeKeyFile } from "../../dialects/key-file.ts";
import { type Headers, page } from "../../http/reply.ts";
import { listCodes } from "../../operations/keys/create-code.ts";
import type { ManagedKey } from "../../operations/keys/find-managed-key.ts";
import { makeKeyFile } from "../../operations/checks/key-file-token.ts";
import type { Proof } from "../../operations/checks/prove-person.ts";
import { type Revealed, revealCode } from "../../operations/keys/reveal-code.ts";
import type { DownloadLinkProps } from "../../ui/copyable.tsx";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { notForRole, notThere, refuseVisit } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { askPasswordView, secretView } from "./key-secret.tsx";
import { idOf, type KeyVisit, ofOwnKey, ownKey, withOwnKey } from "./key-visit.ts";

/** The page with a secret on it: as every answer it is not to be cached. */
export async function showSecret(
	{ frame, services }: Visit,
	key: ManagedKey,
	shown: {
		readonly secret: string;
		readonly code: CodeState;
		readonly description: string;
		readonly isKept: boolean;
		readonly notice: string;
	},
): Promise<Response> {
	const { row } = key;
	const { secret, code, description, isKept, notice } = shown;
	const isIntegration = row.type === "integration";
	const file = makeKeyFile(row.id, secret, services.config);
	const plain = { label: "Download .txt", fileName: `${fileNameOf(row.name)}-access-code.txt`, text: `${secret}\n` };
	const files = keyFileFormats.map((format) => {
		const { media, text, fileName } = writeKeyFile(file, row.name, format);
		return { label: `Download key file (${format.toUpperCase()})`, fileName, media, text };
	});
	const downloads: readonly DownloadLinkProps[] = [plain, ...(isIntegration ? files : [])];
	return page(
		200,
		secretView({
			frame,
			key: ownKey(key),
			notice,
			description,
			secret,
			expiresAt: code.expiresAt,
			downloads,
			token: isIntegration ? file.token : null,
			isKept,
		}),
	);
}

/** `GET /console/:slug/keys/:id/codes/:code/secret`: asks for the password. */
export const askPasswordPage = ofOwnKey("keys:write", (visit) => ask(visit, 200, null));

/** `POST /console/:slug/keys/:id/codes/:code/secret` */
export const revealSecretPage = inConsole("keys", "keys:write", async (visit) => {
	const { actor, services, params } = visit;
	const proof = proofIn(visit);
	const again: Again = (status, error, headers) => withOwnKey(visit, (shown) => ask(shown, status, error, headers));
	if (!proof) return again(400, noProof);
	const place = { keyId: idOf(visit), codeId: params.code ?? "" };
	const revealed = await revealCode({ ...place, proof }, actor, services);
	if (revealed.kind !== "revealed") return refuseToShow(visit, revealed, proof, again);
	return showSecret(visit, revealed.key, { ...revealed, isKept: true, notice: "Here it is again." });
});

function refuseToShow(
	visit: Visit,
	refusal: Exclude<Revealed, { kind: "revealed" }>,
	proof: Proof,
	again: Again,
): Promise<Response> | Response {
	switch (refusal.kind) {
		case "wrong":
		case "limited":
		case "busy":
			return again(...unproved(refusal, proof));
		case "not_kept": {
			const detail = "The secret of this access code is not kept. Create a new access code, and delete this one.";
			return refuseVisit(visit, 409, "Not kept", detail);
		}
		case "beyond":
			return notForRole(visit, `This key may do more than you: ${refusal.permission}.`);
		case "unknown":
		case "no_file":
		case "not_a_person":
			return notThere(visit, "access code");
	}
}

type Again = (status: number, error: string, headers?: Headers) => Promise<Response>;

async function ask(visit: KeyVisit, status: number, error: string | null, headers?: Headers): Promise<Response> {
	const { frame, shown, key, services, params } = visit;
	const codes = await listCodes(key, services);
	const found = codes.find(({ code }) => code.id === params.code);
	if (!found) return notThere(visit, "access code");
	const { description } = found;
	const asked = { ways: await waysToProve(visit), error };
	return page(status, askPasswordView({ frame, key: shown, codeId: found.code.id, description, ...asked }), headers);
}

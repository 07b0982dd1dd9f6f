import type { CodeState } from "../../domain/api-key-state.ts";
import { fileNameOf, keyFileFormats, writeKeyFile } from "../../dialects/key-file.ts";
import { page } from "../../http/reply.ts";
import { listCodes } from "../../operations/keys/create-code.ts";
import type { ManagedKey } from "../../operations/keys/find-managed-key.ts";
import { makeKeyFile } from "../../operations/checks/key-file-token.ts";
import { type Revealed, revealCode } from "../../operations/keys/reveal-code.ts";
import { askPasswordView, type Download, secretView } from "./key-secret.tsx";
import { type KeyVisit, missing, ofOwnKey, refusedPage } from "./key-visit.ts";
import type { Visit } from "../frame/visit.ts";

/** The page with a secret on it: as every answer it is not to be cached. */
export async function showSecret(
	visit: Visit,
	key: ManagedKey,
	shown: {
		readonly secret: string;
		readonly code: CodeState;
		readonly description: string;
		readonly isKept: boolean;
		readonly notice: string;
	},
): Promise<Response> {
	const { frame, call } = visit;
	const { services } = call;
	const { row } = key;
	const { secret, code, description, isKept, notice } = shown;
	const isIntegration = row.type === "integration";
	const file = makeKeyFile(row.id, secret, services.config);
	const downloads: Download[] = [
		{
			label: "Download .txt",
			fileName: `${fileNameOf(row.name)}-access-code.txt`,
			media: "text/plain;charset=utf-8",
			text: `${secret}\n`,
		},
	];
	for (const format of isIntegration ? keyFileFormats : []) {
		const { media, text, fileName } = writeKeyFile(file, row.name, format);
		downloads.push({ label: `Download key file (${format.toUpperCase()})`, fileName, media, text });
	}
	return page(
		200,
		secretView({
			frame,
			key: {
				id: row.id,
				name: row.name,
				tags: row.tags,
				isIntegration,
				isOn: key.verdict.state === "enabled",
				createdAt: row.createdAt,
				link: null,
			},
			notice,
			description,
			secret,
			expiresAt: code.expiresAt,
			downloads,
			token: isIntegration ? file.token : null,
			isKept,
			now: services.now(),
		}),
	);
}

/** `GET /console/:slug/keys/:id/codes/:code/secret`: asks for the password. */
export const askForSecret = ofOwnKey("keys:write", (visit) => ask(visit, 200, null));

/** `POST /console/:slug/keys/:id/codes/:code/secret` */
export const takeSecretRequest = ofOwnKey("keys:write", async (visit) => {
	const { form, actor, call, key } = visit;
	const password = form.get("password") ?? "";
	if (password === "") return ask(visit, 400, "Enter your password.");
	const place = { keyId: key.row.id, codeId: call.params.code ?? "" };
	const revealed = await revealCode({ ...place, password }, actor, call.services);
	if (revealed.kind !== "revealed") return refuse(visit, revealed);
	return showSecret(visit, key, { ...revealed, isKept: true, notice: "Here it is again." });
});

function refuse(visit: KeyVisit, refusal: Exclude<Revealed, { kind: "revealed" }>): Promise<Response> | Response {
	switch (refusal.kind) {
		case "wrong":
			return ask(visit, 403, "The password is wrong.");
		case "limited": {
			const minutes = Math.ceil(refusal.retryAfter / 60);
			const wait = minutes === 1 ? "a minute" : `${minutes} minutes`;
			return ask(visit, 429, `Too many wrong passwords. Try again in ${wait}.`);
		}
		case "busy":
			return ask(visit, 503, "Many passwords are being checked just now. Please try again.");
		case "not_kept": {
			const detail = "The secret of this access code is not kept. Make a new code, and remove this one.";
			return refusedPage(409, "Not kept", detail);
		}
		case "beyond":
			return refusedPage(403, "Not for your role", `This key may do more than you: ${refusal.permission}.`);
		case "unknown":
		case "no_file":
		case "not_a_person":
			return missing("access code");
	}
}

async function ask(visit: KeyVisit, status: number, error: string | null): Promise<Response> {
	const { frame, shown, key, call } = visit;
	const codes = await listCodes(key, call.services);
	const found = codes.find(({ code }) => code.id === call.params.code);
	if (!found) return missing("access code");
	const { description } = found;
	return page(status, askPasswordView({ frame, key: shown, codeId: found.code.id, description, error }));
}

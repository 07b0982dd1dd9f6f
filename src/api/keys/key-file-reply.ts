import type { Clear } from "../../domain/brands.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { keyFileJson, type KeyFileFormat, writeKeyFile } from "../../dialects/key-file.ts";
import { download } from "../../http/reply.ts";
import { makeKeyFile } from "../../operations/checks/key-file-token.ts";
import type { Services } from "../../operations/services.ts";

/** What a key file says, as a member of a JSON answer. */
export function keyFileMember(keyId: SubjectId, secret: Clear, services: Services) {
	return keyFileJson(makeKeyFile(keyId, secret, services.config));
}

/** The key file itself, to be saved. */
export function keyFileReply(
	status: 200 | 201,
	key: { readonly id: SubjectId; readonly name: string },
	secret: Clear,
	format: KeyFileFormat,
	services: Services,
): Response {
	return download(status, writeKeyFile(makeKeyFile(key.id, secret, services.config), key.name, format));
}

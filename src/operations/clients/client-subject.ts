import { sha256 } from "../../crypto/digest.ts";
import { type SubjectId, subjectId } from "../../domain/subject.ts";

/**
 * The subject that a client is when it acts for itself (RFC 6749 §4.4). Its kind stands in the id, so it can never be
 * taken for a person, whatever its client id looks like (RFC 9068 §5).
 */
export async function clientSubject(clientId: string): Promise<SubjectId> {
	return subjectId({ kind: "client", home: "any", id: (await sha256(clientId)).slice(0, 22) });
}

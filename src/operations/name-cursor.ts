import type { NamePosition } from "../domain/ports/api-keys.ts";
import { readCursor, writeCursor } from "./cursor.ts";
import type { Services } from "./services.ts";

/** The cursor of a list of an account that is sorted by name and id; null: from the beginning, or there is no more. */
export async function writeNamePosition(
	list: string,
	position: NamePosition | null,
	accountId: string,
	services: Pick<Services, "serverKeys">,
): Promise<string | null> {
	return position && writeCursor(`${list} ${accountId}`, [position.name, position.id], services.serverKeys);
}

/** `wrong` for what was not written for this list of this account. */
export async function readNamePosition(
	list: string,
	cursor: string | null,
	accountId: string,
	services: Pick<Services, "serverKeys">,
): Promise<NamePosition | "wrong" | null> {
	if (cursor === null) return null;
	const [name, id] = (await readCursor(cursor, `${list} ${accountId}`, services.serverKeys)) ?? [];
	return typeof name === "string" && typeof id === "string" ? { name, id } : "wrong";
}

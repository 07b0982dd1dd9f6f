import type { ApiWriter } from "../../domain/ports/apis.ts";
import { operatorMay } from "./operator-may.ts";
import { writerMay, writerValue } from "./writer-role.ts";

/** For the WHERE of a write, of what is an account's or the deployment's: {@link writerOf} is bound at the place that is named. */
export function mayWrite(place: string, by: ApiWriter): string {
	return by.kind === "role" ? writerMay(place) : operatorMay(place);
}

export function writerOf(by: ApiWriter): string | null {
	return by.kind === "role" ? writerValue(by.role) : by.id;
}

import * as v from "valibot";
import { described } from "../../http/described.ts";

/** As a body says it. */
export const role = described(
	v.picklist(["admin", "member"], "is admin or member"),
	"`admin` does everything in the account; `member` sees it, and allows applications what a member may.",
);

import { type ModulesOf, quiet } from "../worker-options.ts";

/** Where a build tells how many rows D1 has read for it since it was last asked. */
export const rowsReadPath = "/bench/rows";

/**
 * A build whose databases add up what D1 says that it read. Its text is there twice: the one reads its bindings as it is loaded, and
 * has to find those that count; of the other are the classes of its objects.
 */
export const counted: ModulesOf = (worker) => ({
	"entry.js": entry,
	"quiet.js": quiet,
	"worker.js": worker,
	"counted.js": worker,
});

const entry = `
import "./quiet.js";
import { env, withEnv } from "cloudflare:workers";
export * from "./worker.js";

let rowsRead = 0;
const note = (result) => {
	rowsRead += result.meta.rows_read;
	return result;
};
const statement = (inner) => ({
	inner,
	bind: (...values) => statement(inner.bind(...values)),
	all: async () => note(await inner.all()),
	run: async () => note(await inner.run()),
	first: async (column) => {
		const [row = null] = note(await inner.all()).results;
		return row === null || column === undefined ? row : row[column];
	},
});
const database = (db) => ({
	prepare: (query) => statement(db.prepare(query)),
	batch: async (statements) => (await db.batch(statements.map(({ inner }) => inner))).map(note),
});
const databases = { DB: database(env.DB), EVENTS: database(env.EVENTS) };
const worker = withEnv({ ...env, ...databases }, async () => (await import("./counted.js")).default);

export default {
	async fetch(request, bindings, context) {
		if (new URL(request.url).pathname !== "${rowsReadPath}") {
			return (await worker).fetch(request, { ...bindings, ...databases }, context);
		}
		const told = rowsRead;
		rowsRead = 0;
		return Response.json(told);
	},
};
`;

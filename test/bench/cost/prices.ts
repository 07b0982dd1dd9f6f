import { type Billed, billedOf } from "./billed.ts";

// US dollars, beyond what the Workers Paid plan (5 dollars a month) includes. As published on the pages that are named, read on
// 30 November 2026.

interface Price {
	/** Of a million. */
	readonly price: number;
	readonly what: string;
	/** In a month, of all Workers of the account. */
	readonly included: string;
	readonly source: string;
}

const workers = "https://developers.cloudflare.com/workers/platform/pricing/";
const objects = "https://developers.cloudflare.com/durable-objects/platform/pricing/";
const kv = "https://developers.cloudflare.com/kv/platform/pricing/";
const d1 = "https://developers.cloudflare.com/d1/platform/pricing/";

export const prices = {
	requests: { price: 0.3, what: "requests to a Worker", included: "10 million", source: workers },
	cpu: { price: 0.02, what: "milliseconds of CPU", included: "30 million", source: workers },
	objects: {
		price: 0.15,
		what: "requests to Durable Objects (each call is one)",
		included: "1 million",
		source: objects,
	},
	awake: { price: 12.5, what: "GB-s that objects are awake", included: "400,000", source: objects },
	rowsRead: { price: 0.001, what: "rows that objects read", included: "25 billion", source: objects },
	rowsWritten: {
		price: 1,
		what: "rows that objects write or delete",
		included: "50 million",
		source: objects,
	},
	kvReads: { price: 0.5, what: "reads of KV", included: "10 million", source: kv },
	kvWrites: { price: 5, what: "writes of KV", included: "1 million", source: kv },
	d1RowsRead: { price: 0.001, what: "rows that D1 reads", included: "25 billion", source: d1 },
	d1RowsWritten: { price: 1, what: "rows that D1 writes", included: "50 million", source: d1 },
} as const satisfies Readonly<Record<string, Price>> & Readonly<Record<keyof Billed, Price>>;

/** What an object is billed for while it is awake, however much of it it uses. */
const objectGigabytes = 0.128;

/** What is assumed of time, which no count says; docs/cost.md has how it compares with what is measured. */
export const assumed = { cpuMilliseconds: 1, awakeMilliseconds: 5 } as const;

/** Of a month of 30 days. */
export const alwaysAwake = awake(30 * 86_400 * 1000) / 1e6;

/** Dollars for a million times as many milliseconds of one object. */
export function awake(milliseconds: number): number {
	return (milliseconds / 1000) * objectGigabytes * prices.awake.price;
}

/** Dollars for a million requests each of which is billed for this, and has objects wait for so many milliseconds besides. */
export function ofAMillion(billed: Billed, waiting = 0): number {
	const counted = billedOf.map((each) => billed[each] * prices[each].price);
	const time = assumed.cpuMilliseconds * prices.cpu.price + awake(billed.objects * assumed.awakeMilliseconds + waiting);
	return counted.reduce((sum, each) => sum + each, prices.requests.price + time);
}

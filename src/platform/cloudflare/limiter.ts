import type { Limiter } from "../../domain/ports/limiter.ts";
import type { LimiterObject } from "./limiter-object.ts";

/** Enough that no shard is in the way of the others; changing it starts every count anew. */
const shards = 64;

/** A call that broke is not repeated: nobody knows whether the attempt was counted, and twice would be once too often. */
export function limiter(namespace: DurableObjectNamespace<LimiterObject>): Limiter {
	const shard = (name: string) => namespace.getByName(`shard-${hash(name) % shards}`);
	return {
		take: (name, limit) => shard(name).take(name, limit),
		giveBack: (name) => shard(name).giveBack(name),
	};
}

/** FNV-1a, 32 bits: it only has to spread, since the names are digests already. */
function hash(text: string): number {
	let value = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
	return value >>> 0;
}

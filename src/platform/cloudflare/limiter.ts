import type { Limiter } from "../../domain/ports/limiter.ts";
import type { LimiterObject } from "./limiter-object.ts";
import { shardOf } from "./shard.ts";

/** Enough that no shard is in the way of the others; changing it starts every count anew. */
const shards = 64;

/** A call that broke is not repeated: nobody knows whether the attempt was counted, and twice would be once too often. */
export function limiter(namespace: DurableObjectNamespace<LimiterObject>): Limiter {
	const shard = (name: string) => namespace.getByName(shardOf(name, shards));
	return {
		take: (name, limit, attempts) => shard(name).take(name, limit, attempts),
		giveBack: (name) => shard(name).giveBack(name),
	};
}

import type { Hash } from "../../domain/brands.ts";
import type { DeviceRequests } from "../../domain/ports/device-requests.ts";
import type { DeviceRequestsObject } from "./device-requests-object.ts";
import { repeatOnce } from "./repeat-once.ts";
import { shardOf } from "./shard.ts";

/** Enough that no shard is in the way of the others; changing it ends what devices wait for. */
const shards = 64;

/**
 * A poll that broke is not repeated: it would be counted as one that came too soon. Nor is an opening, which would find its own code
 * taken. The same answer once more is the same.
 */
export function deviceRequests(namespace: DurableObjectNamespace<DeviceRequestsObject>): DeviceRequests {
	const shard = (userCode: Hash) => namespace.getByName(shardOf(userCode, shards));
	return {
		open: (userCode, asked) => shard(userCode).open(userCode, asked),
		find: (userCode) => repeatOnce(async () => shard(userCode).find(userCode)),
		answer: (userCode, codeHash, answer) => repeatOnce(async () => shard(userCode).answer(userCode, codeHash, answer)),
		poll: (userCode, asked) => shard(userCode).poll(userCode, asked),
	};
}

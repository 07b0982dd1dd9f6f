import type { Hash } from "../brands.ts";
import type { DeviceAnswer, DeviceAsk, DevicePoll, DeviceRequest, Polled } from "../device-request.ts";

/** What devices ask for, by the hash of the user code, each until it ends by the store's own clock (RFC 8628). */
export interface DeviceRequests {
	/** `taken`: another that has not ended has this code. */
	open(userCode: Hash, asked: DeviceAsk): Promise<"opened" | "taken">;
	find(userCode: Hash): Promise<DeviceRequest | null>;
	/** Of two answers to the same request the first stands. `codeHash` says which request it is that was read. */
	answer(userCode: Hash, codeHash: Hash, answer: DeviceAnswer): Promise<"answered" | "answered_before" | "unknown">;
	poll(userCode: Hash, poll: DevicePoll): Promise<Polled>;
}

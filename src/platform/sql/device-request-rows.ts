import type { Hash, Seconds } from "../../domain/brands.ts";
import {
	answerRequest,
	type Answering,
	type DeviceAnswer,
	type DeviceAsk,
	type DevicePoll,
	type DeviceRequest,
	openRequest,
	poll,
	type Polled,
} from "../../domain/device-request.ts";
import type { SqlStorage } from "./database.ts";
import { readStored } from "./stored-json.ts";

/** The table `device_requests`. Each verb is to run where nothing comes between its read and its write. */
export class DeviceRequestRows {
	readonly #sql: SqlStorage;

	constructor(sql: SqlStorage) {
		this.#sql = sql;
	}

	/** The request, or null where the code is taken. */
	open(userCode: Hash, asked: DeviceAsk, now: Seconds): DeviceRequest | null {
		if (this.find(userCode, now)) return null;
		const request = openRequest(asked, now);
		this.#put(userCode, request);
		return request;
	}

	find(userCode: Hash, now: Seconds): DeviceRequest | null {
		const query = "SELECT body FROM device_requests WHERE user_code = ? AND expires_at > ?";
		const [row] = this.#sql.exec<{ body: string }>(query, userCode, now).toArray();
		// One that cannot be read is answered by nobody, and ends.
		return row ? readStored<DeviceRequest | null>(row.body, null, { table: "device_requests", id: "" }) : null;
	}

	answer(userCode: Hash, codeHash: Hash, answer: DeviceAnswer, now: Seconds): Answering {
		const answering = answerRequest(this.find(userCode, now), codeHash, answer, now);
		if (answering.kind === "answered") this.#put(userCode, answering.request);
		return answering;
	}

	poll(userCode: Hash, asked: DevicePoll, now: Seconds): Polled {
		const { polled, after } = poll(this.find(userCode, now), asked, now);
		if (after) this.#put(userCode, after);
		return polled;
	}

	#put(userCode: Hash, request: DeviceRequest): void {
		this.#sql.exec(
			`INSERT INTO device_requests (user_code, body, expires_at) VALUES (?1, ?2, ?3)
			ON CONFLICT (user_code) DO UPDATE SET body = ?2, expires_at = ?3`,
			userCode,
			JSON.stringify(request),
			request.expiresAt,
		);
	}
}

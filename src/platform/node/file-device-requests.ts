import type { Seconds } from "../../domain/brands.ts";
import type { DeviceRequests } from "../../domain/ports/device-requests.ts";
import { DeviceRequestRows } from "../sql/device-request-rows.ts";
import type { SqlFile } from "./sql-file.ts";

export function fileDeviceRequests(file: SqlFile, now: () => Seconds): DeviceRequests {
	const rows = new DeviceRequestRows(file);
	return {
		async open(userCode, asked) {
			return file.transactionSync(() => rows.open(userCode, asked, now())) ? "opened" : "taken";
		},
		async find(userCode) {
			return rows.find(userCode, now());
		},
		async answer(userCode, codeHash, answer) {
			return file.transactionSync(() => rows.answer(userCode, codeHash, answer, now())).kind;
		},
		async poll(userCode, asked) {
			return file.transactionSync(() => rows.poll(userCode, asked, now()));
		},
	};
}

import { type LogDetail, logLine } from "../domain/log-line.ts";

/** One line for the operator. Never a secret, a token or a password, nor what a caller wrote where it has no name of ours. */
export type Log = (event: string, detail: LogDetail) => void;

export function createLog(write: (line: string) => void): Log {
	return (event, detail) => write(logLine(new Date(), event, detail));
}

/** The same, of one request: each line names it. */
export function logOfRequest(id: string, log: Log): Log {
	return (event, detail) => log(event, { request: id, ...detail });
}

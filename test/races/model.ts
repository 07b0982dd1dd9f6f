// What a grant and an API key are, in as few words as will do: what every answer has to be, from the history alone.

export type ClientName = "webApp" | "integration";

export type Action =
	| { readonly do: "consent"; readonly client: ClientName }
	| { readonly do: "redeem"; readonly grant: number }
	/** By one of the tokens that there were; a client that keeps its own has one. */
	| { readonly do: "refresh"; readonly grant: number; readonly token: number }
	| { readonly do: "revoke" | "inspect"; readonly grant: number }
	| { readonly do: "make key" }
	| { readonly do: "add code" | "delete key" | "link" | "unlink" | "cut"; readonly key: number }
	| { readonly do: "switch key"; readonly key: number; readonly on: boolean }
	| { readonly do: "switch link"; readonly key: number; readonly by: Side; readonly on: boolean }
	| { readonly do: "edit link"; readonly key: number; readonly opens: boolean }
	| { readonly do: "switch code"; readonly key: number; readonly code: number; readonly on: boolean }
	| { readonly do: "delete code" | "log in"; readonly key: number; readonly code: number }
	/** The old one ends now. */
	| { readonly do: "rotate code"; readonly key: number; readonly code: number }
	| { readonly do: "use code"; readonly key: number; readonly code: number; readonly away: boolean }
	| { readonly do: "use login"; readonly login: number }
	| { readonly do: "look"; readonly key: number };

type Side = "owner" | "linker";

/** Plain JSON, so that two states are one if their texts are. */
export interface State {
	readonly grants: readonly Grant[];
	readonly keys: readonly Key[];
	readonly logins: readonly Login[];
}

interface Grant {
	readonly client: ClientName;
	readonly phase: "open" | "active" | "ended";
	readonly codeUntil: number;
	/** How many refresh tokens there were; a kept one is one. */
	readonly tokens: number;
	readonly rotatedAt: number | null;
	readonly idleUntil: number;
	readonly until: number;
	/** Of the newest access token. */
	readonly accessUntil: number;
}

interface Key {
	readonly state: "on" | "off" | "deleted";
	readonly codes: readonly Code[];
	/** Whether its policy there lets it do what is tried; null where it is not linked. */
	readonly link: boolean | null;
	readonly linkOff: readonly Side[];
}

/** One that was rotated opens nothing, be it switched on or off. */
type Code = "on" | "off" | "deleted" | "ended" | "ended off";

interface Login {
	readonly key: number;
	readonly code: number;
	readonly until: number;
	readonly isEnded: boolean;
}

export const nothing: State = { grants: [], keys: [], logins: [] };

export const times = {
	code: 180,
	/** By a client that proves itself each time. */
	repeat: 86_400,
	access: { webApp: 3600, integration: 86_400 },
	grant: 3 * 86_400,
	idle: 86_400,
	login: 7200,
} as const;

const refused = "refused";
const done = "done";

/** Whether the action is about something that there is. */
export function isPossible(state: State, action: Action): boolean {
	if ("grant" in action) {
		const grant = state.grants[action.grant];
		return grant !== undefined && (action.do === "redeem" || grant.tokens > 0);
	}
	if ("login" in action) return state.logins[action.login] !== undefined;
	if ("code" in action) return state.keys[action.key]?.codes[action.code] !== undefined;
	return !("key" in action) || state.keys[action.key] !== undefined;
}

/** What is answered, and what is there then. */
export function apply(state: State, action: Action, now: number): readonly [State, string] {
	if (action.do === "consent") return [{ ...state, grants: [...state.grants, opened(action.client, now)] }, done];
	if (action.do === "make key") {
		return [{ ...state, keys: [...state.keys, { state: "on", codes: [], link: null, linkOff: [] }] }, done];
	}
	if (action.do === "use login") return [state, String(useLogin(state, action.login, now))];
	if ("grant" in action) {
		const [grant, answer] = applyToGrant(state.grants[action.grant]!, action, now);
		return [{ ...state, grants: state.grants.with(action.grant, grant) }, answer];
	}
	const [key, answer] = applyToKey(state.keys[action.key]!, action);
	const keys = state.keys.with(action.key, key);
	if (action.do === "log in" && answer === done) {
		const same = state.logins.findIndex(
			(each) => each.key === action.key && each.code === action.code && !each.isEnded && now < each.until,
		);
		if (same >= 0) return [{ ...state, keys }, `login ${same}`];
		const login = { key: action.key, code: action.code, until: now + times.login, isEnded: false };
		return [{ ...state, keys, logins: [...state.logins, login] }, `login ${state.logins.length}`];
	}
	// What a code had opened stays closed when it is enabled again.
	const logins = state.logins.map((each) => ({
		...each,
		isEnded: each.isEnded || (each.key === action.key && useCode(key, each.code, false) !== 200),
	}));
	return [{ ...state, keys, logins }, answer];
}

function opened(client: ClientName, now: number): Grant {
	const later = { until: 0, idleUntil: 0, accessUntil: 0, rotatedAt: null };
	return { client, phase: "open", codeUntil: now + times.code, tokens: 0, ...later };
}

type OnGrant = Extract<Action, { grant: number }>;

function applyToGrant(grant: Grant, action: OnGrant, now: number): readonly [Grant, string] {
	const access = Math.min(now + times.access[grant.client], grant.until);
	switch (action.do) {
		case "redeem": {
			// RFC 6749 §4.1.2: used twice, what it gave ends.
			if (grant.phase === "active") return [{ ...grant, phase: "ended" }, refused];
			if (grant.phase === "ended" || now >= grant.codeUntil) return [grant, refused];
			const until = now + times.grant;
			const accessUntil = now + times.access[grant.client];
			const idleUntil = grant.client === "integration" ? until : now + times.idle;
			return [{ ...grant, phase: "active", tokens: 1, until, idleUntil, accessUntil }, done];
		}
		case "refresh": {
			const back = grant.tokens - 1 - action.token;
			if (grant.phase !== "active" || now >= grant.until) return [grant, refused];
			const repeats = back === 1 && grant.rotatedAt !== null && now < grant.rotatedAt + times.repeat;
			if (back > 0 && !repeats) return [{ ...grant, phase: "ended" }, refused];
			if (now >= grant.idleUntil) return [grant, refused];
			if (grant.client === "integration") return [{ ...grant, accessUntil: access }, done];
			if (repeats) return [{ ...grant, accessUntil: access }, `token ${grant.tokens}`];
			const rotated = { tokens: grant.tokens + 1, rotatedAt: now, idleUntil: now + times.idle };
			return [{ ...grant, ...rotated, accessUntil: access }, `token ${grant.tokens + 1}`];
		}
		case "revoke":
			// RFC 7009 §2.2: whatever it was, it is good no more.
			return [grant.phase === "active" ? { ...grant, phase: "ended" } : grant, done];
		case "inspect":
			return [grant, String(grant.phase === "active" && now < Math.min(grant.accessUntil, grant.until))];
	}
}

type OnKey = Exclude<Action, OnGrant | { do: "consent" | "make key" | "use login" }>;

function applyToKey(key: Key, action: OnKey): readonly [Key, string] {
	if (action.do === "use code") return [key, String(useCode(key, action.code, action.away))];
	if (action.do === "log in") return [key, useCode(key, action.code, false) === 200 ? done : refused];
	if (action.do === "look") return [key, look(key)];
	if (key.state === "deleted") return [key, refused];
	switch (action.do) {
		case "delete key":
			return [{ ...key, state: "deleted" }, done];
		case "switch key":
			return [{ ...key, state: action.on ? "on" : "off" }, done];
		case "add code": {
			const isFull = key.codes.filter((code) => code !== "deleted").length >= 2;
			return isFull ? [key, refused] : [{ ...key, codes: [...key.codes, "on"] }, done];
		}
		case "switch code": {
			if (key.codes[action.code] === "deleted") return [key, refused];
			const [on, off] = hasEnded(key.codes[action.code]) ? (["ended", "ended off"] as const) : (["on", "off"] as const);
			return [{ ...key, codes: key.codes.with(action.code, action.on ? on : off) }, done];
		}
		case "rotate code": {
			if (key.codes[action.code] === "deleted") return [key, refused];
			// Contract 003: at most two. One that has ended makes room, and else the one that is replaced goes whole.
			const isAlone = key.codes.every((code, index) => index === action.code || code === "deleted" || hasEnded(code));
			const codes = key.codes.map((code, index): Code => {
				if (index !== action.code) return hasEnded(code) ? "deleted" : code;
				return !isAlone ? "deleted" : code === "on" || code === "ended" ? "ended" : "ended off";
			});
			return [{ ...key, codes: [...codes, "on"] }, done];
		}
		case "delete code":
			if (!key.codes[action.code]?.endsWith("off")) return [key, refused];
			return [{ ...key, codes: key.codes.with(action.code, "deleted") }, done];
		case "link":
			// The same link again is the link that there is; by another policy it is refused.
			if (key.link !== null) return [key, key.link ? done : refused];
			return [{ ...key, link: true }, done];
		case "unlink":
		case "cut":
			if (key.link === null) return [key, refused];
			// What the owner switched off stays off.
			return [{ ...key, link: null, linkOff: key.linkOff.filter((side) => side === "owner") }, done];
		case "edit link":
			return key.link === null ? [key, refused] : [{ ...key, link: action.opens }, done];
		case "switch link": {
			if (key.link === null) return [key, refused];
			const others = key.linkOff.filter((side) => side !== action.by);
			return [{ ...key, linkOff: (action.on ? others : [...others, action.by]).toSorted() }, done];
		}
	}
}

function hasEnded(code: Code | undefined): boolean {
	return code?.startsWith("ended") ?? false;
}

function useCode(key: Key, code: number, away: boolean): number {
	if (key.codes[code] === "deleted") return 401;
	if (away && key.link === null) return 403;
	if (key.state !== "on" || key.codes[code] !== "on") return 401;
	if (!away) return 200;
	if (key.linkOff.length > 0) return 401;
	return key.link ? 200 : 403;
}

function useLogin({ keys, logins }: State, index: number, now: number): number {
	const login = logins[index]!;
	if (login.isEnded || now >= login.until) return 401;
	return useCode(keys[login.key]!, login.code, false);
}

/** What its owner sees of it, and what the linker does. */
function look(key: Key): string {
	if (key.state === "deleted") return "gone | gone";
	const codes = key.codes.filter((code) => code !== "deleted").toSorted();
	const isLinked = key.link !== null;
	const owner = `${key.state} codes ${codes.join(" ")} links ${isLinked ? key.linkOff.join(" ") || "on" : "none"}`;
	return `${owner} | ${isLinked ? key.linkOff.join(" ") || "on" : "gone"}`;
}

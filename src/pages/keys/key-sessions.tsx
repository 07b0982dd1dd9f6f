import type { ConsoleFrame } from "../frame/frame.ts";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton, Press } from "../../ui/post-form.tsx";
import { type EditedKey, keyUrl, renderKeyPage } from "./key-frame.tsx";

export interface KeySessionsProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly sessions: readonly ShownSession[];
	readonly isFirstPage: boolean;
	readonly nextUrl: string | null;
}

interface ShownSession {
	readonly id: string;
	/** As the login called it; empty where it gave no name. */
	readonly name: string;
	/** The description of the access code that logged in; null for one that is gone. */
	readonly code: string | null;
	/** Null for the key's own. */
	readonly account: string | null;
	/** The API that its tokens are for; null for latchkey. */
	readonly resource: string | null;
	readonly startedAt: number;
	readonly expiresAt: number;
}

const said = { ended: "The session was ended. Its token is refused from the next request on." };

/** Who is logged in by this key. */
export function keySessionsView({ frame, key, sessions, isFirstPage, nextUrl }: KeySessionsProps): string {
	const base = keyUrl(frame, key);
	const mayEnd = frame.permissions.includes("keys:delete");
	return renderKeyPage({
		frame,
		key,
		tab: "Sessions",
		said,
		children:
			sessions.length === 0 && isFirstPage ? (
				<EmptyState title="No sessions">
					<p>
						A program that logs in with an access code of this key gets a token for two hours. Each such session appears
						here while its token is good.
					</p>
				</EmptyState>
			) : (
				<>
					{mayEnd && (
						<div class="row">
							<LinkButton look="secondary" href={`${base}/tokens/end`} label="End all of them" />
						</div>
					)}
					<DataTable
						caption="Sessions of this key"
						columns={["Session", "Access code", "Opens", "Began", "Ends", "Actions"]}
						rows={sessions.map((session) => ({ key: session.id, cells: cellsOf(session, frame, base, mayEnd) }))}
						nextUrl={nextUrl}
					/>
				</>
			),
	});
}

function cellsOf(session: ShownSession, frame: ConsoleFrame, base: string, mayEnd: boolean) {
	const { id, name, code, account, resource, startedAt, expiresAt } = session;
	const called = name === "" ? "Without a name" : name;
	return [
		name === "" ? <span class="muted">{called}</span> : <Name text={called} />,
		code === null ? <span class="muted">Gone</span> : <Name text={code || "Without a description"} />,
		<>
			{resource === null ? "latchkey" : <Name text={resource} />}
			{account !== null && (
				<span class="muted block">
					in <Name text={account} />
				</span>
			)}
		</>,
		<Instant at={startedAt} now={frame.now} />,
		<Instant at={expiresAt} now={frame.now} />,
		mayEnd && (
			<Press action={`${base}/sessions/${id}/end`} csrf={frame.csrf} fields={{}} label="End" about={` ${called}`} />
		),
	];
}

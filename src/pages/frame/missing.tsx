import { type ConsoleFrame, renderConsolePage } from "./console-frame.tsx";

/** A page of the console that is not there (any more). */
export function missingView(frame: ConsoleFrame): string {
	return renderConsolePage({
		frame,
		title: "Nothing here",
		notice: null,
		failed: true,
		children: (
			<div class="card">
				<p>
					There is no such page in this account. What it showed may have been deleted, or belong to another account.
				</p>
				<p>The navigation leads to everything that there is.</p>
			</div>
		),
	});
}

/** What the person's role does not let them do in this account. */
export function notForRoleView(frame: ConsoleFrame): string {
	return renderConsolePage({
		frame,
		title: "Not for your role",
		notice: null,
		failed: true,
		children: (
			<div class="card">
				<p>Only an administrator of this account can do this. Ask one of them.</p>
			</div>
		),
	});
}

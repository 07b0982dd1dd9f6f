import { StrongName } from "../../ui/name.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";

export function leaveAccountView({ frame }: { readonly frame: ConsoleFrame }): string {
	return confirmationView({
		frame,
		title: "Leave this account?",
		children: (
			<p>
				You lose <StrongName text={frame.account.name} />: its console at once and, within 30 seconds, your login
				sessions in it, your API tokens, and what you allowed integrations and applications there. API keys and what
				else you made stay. You come back by an invitation alone.
			</p>
		),
		action: `${frame.base}/settings/leave`,
		confirm: "Leave this account",
		cancelUrl: `${frame.base}/settings`,
	});
}

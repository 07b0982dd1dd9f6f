import { useWords } from "./words.ts";

export interface PasskeyPartProps {
	/** The JSON of `PublicKeyCredentialRequestOptions`, or of those for a new one (WebAuthn §5.1). */
	readonly options: string;
	/** `get` signs with one that is there, `create` makes one. */
	readonly does: "get" | "create";
	/** Whether it is offered beside what the browser fills in at the user name, too. */
	readonly autofill?: boolean;
	/** Whether the form takes nothing else: its own button asks for it then, in the place of one of this part's. */
	readonly alone?: boolean;
	readonly label: string;
	readonly look?: "primary" | "outline secondary";
}

/**
 * Inside a form: a button by which the browser is asked for a passkey, which then sends the form with its answer as `passkey` (`new_passkey`). It is
 * the one thing that only a script can do: without one the form says so.
 */
export function PasskeyPart({
	options,
	does,
	autofill = false,
	alone = false,
	label,
	look = "outline secondary",
}: PasskeyPartProps) {
	const { needsScript, unknown, cancelled, there, notHere, failed, none } = useWords().passkey;
	return (
		<div
			class="passkey"
			data-passkey={does}
			data-options={options}
			data-told={JSON.stringify({ unknown, cancelled, there, notHere, failed, none })}
			data-autofill={autofill ? "" : undefined}
			data-alone={alone ? "" : undefined}
		>
			<input type="hidden" name={does === "get" ? "passkey" : "new_passkey"} value="" />
			<div class="actions">
				<button type="button" class={look === "primary" ? undefined : look} hidden>
					{label}
				</button>
			</div>
			<output class="muted block">{needsScript}</output>
		</div>
	);
}

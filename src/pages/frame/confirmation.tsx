import type { ComponentChildren } from "preact";
import { renderConsolePage } from "./console-frame.tsx";
import type { Frame } from "./frame.ts";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import { type ProofAgain, ProofAgainFields } from "../../ui/proof-fields.tsx";

export interface ConfirmationProps {
	readonly frame: Frame;
	readonly title: string;
	/** The name of what it is about. */
	readonly about?: string;
	/** What will stop working, named. */
	readonly children: ComponentChildren;
	readonly action: string;
	/** The words of the button that does it: "Delete this key". */
	readonly confirm: string;
	readonly cancelUrl: string;
	readonly fields?: Readonly<Record<string, string>>;
	/** Of what is more than a press of a button where the sign-in is a while old. */
	readonly proof?: ProofAgain | null;
}

/** Asked before what cannot be undone. */
export function confirmationView(props: ConfirmationProps): string {
	const { frame, title, about, children, action, confirm, cancelUrl, fields = {}, proof = null } = props;
	return renderConsolePage({
		frame,
		title,
		about,
		failed: proof?.error != null,
		children: (
			<div class="card danger-zone">
				<ErrorSummary errors={{ password: proof?.error }} />
				{children}
				<PostForm action={action} csrf={frame.csrf} fields={fields}>
					<ProofAgainFields proof={proof} />
					<div class="row">
						<button type="submit" class="danger">
							{confirm}
						</button>
						<LinkButton look="secondary" href={cancelUrl} label="Cancel" />
					</div>
				</PostForm>
			</div>
		),
	});
}

import type { ComponentChildren } from "preact";
import { type Frame, renderConsolePage } from "./console-frame.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";

export interface ConfirmationProps {
	readonly frame: Frame;
	readonly title: string;
	/** What will stop working, named. */
	readonly children: ComponentChildren;
	readonly action: string;
	/** The words of the button that does it: "Delete this key". */
	readonly confirm: string;
	readonly cancelUrl: string;
	readonly fields?: Readonly<Record<string, string>>;
}

/** Asked before what cannot be undone. */
export function confirmationView(props: ConfirmationProps): string {
	const { frame, title, children, action, confirm, cancelUrl, fields = {} } = props;
	return renderConsolePage({
		frame,
		title,
		children: (
			<div class="card danger-zone">
				{children}
				<PostForm action={action} csrf={frame.csrf} fields={fields} class="row">
					<LinkButton look="secondary" href={cancelUrl} label="Cancel" />
					<button type="submit" class="danger">
						{confirm}
					</button>
				</PostForm>
			</div>
		),
	});
}

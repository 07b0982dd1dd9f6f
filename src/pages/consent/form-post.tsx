import { renderDocument } from "../../ui/document.tsx";
import { HiddenFields } from "../../ui/hidden-fields.tsx";
import { Name } from "../../ui/name.tsx";

export interface FormPostProps {
	/** The client's redirect URI. */
	readonly action: string;
	readonly fields: Readonly<Record<string, string>>;
	readonly host: string;
}

/** An answer on its way to the client, as a form that submits itself; without JavaScript the person presses its button. */
export function formPostView({ action, fields, host }: FormPostProps): string {
	return renderDocument({
		title: "Going on",
		width: "narrow",
		failed: false,
		children: (
			<div class="card">
				<h1>Going on</h1>
				<p>
					You are on your way to{" "}
					<strong class="host">
						<Name text={host} />
					</strong>
					.
				</p>
				<form method="post" action={action} data-submits-itself="yes">
					<HiddenFields fields={fields} />
					<div class="actions">
						<button type="submit">Go on</button>
					</div>
				</form>
			</div>
		),
	});
}

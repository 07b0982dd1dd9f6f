import { renderCard } from "../../ui/document.tsx";
import { StrongName } from "../../ui/name.tsx";
import { HiddenFields } from "../../ui/post-form.tsx";
import type { Shell } from "../../words/shell.ts";

export interface FormPostProps {
	readonly shell: Shell;
	/** The client's redirect URI. */
	readonly action: string;
	readonly fields: Readonly<Record<string, string>>;
	readonly host: string;
}

/** An answer on its way to the client, as a form that submits itself; without JavaScript the person presses its button. */
export function formPostView({ shell, action, fields, host }: FormPostProps): string {
	const { onward: say } = shell.words;
	return renderCard({
		shell,
		title: say.title,
		children: (
			<>
				<p>{say.onYourWay(<StrongName class="host" text={host} />)}</p>
				<form method="post" action={action} data-submits-itself="yes">
					<HiddenFields fields={fields} />
					<div class="actions">
						<button type="submit">{say.goOn}</button>
					</div>
				</form>
			</>
		),
	});
}

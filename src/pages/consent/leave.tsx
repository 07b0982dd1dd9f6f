import { renderCard } from "../../ui/document.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { HiddenFields } from "../../ui/post-form.tsx";
import { ofRefusal, ToStart } from "../../ui/problem.tsx";
import { Section } from "../../ui/section.tsx";
import type { Shell } from "../../words/shell.ts";

export interface LeaveProps {
	readonly shell: Shell;
	/** What the application calls itself. */
	readonly name: string;
	/** Where the answer would lead. */
	readonly host: string;
	readonly detail: string;
	/** A link, or a form that posts. */
	readonly way:
		| { readonly href: string }
		| { readonly action: string; readonly fields: Readonly<Record<string, string>> };
}

/** For a request that cannot be put to anybody, of an application that nobody here vouches for: it leads on by choice alone. */
export function leaveView({ shell, name, host, detail, way }: LeaveProps): string {
	const { onward: say, common } = shell.words;
	return renderCard({
		shell: ofRefusal(shell),
		title: say.cannotAsk,
		failed: true,
		children: (
			<>
				<p class="clamp">{say.asked(<StrongName text={name} />, detail)}</p>
				<Section id="next" title={common.whatYouCanDo}>
					<p>{say.leadsTo(<StrongName class="host" text={host} />)}</p>
					{"href" in way ? (
						<p>
							<a href={way.href} rel="noreferrer">
								{say.goOnTo(<Name text={host} />)}
							</a>
						</p>
					) : (
						<form method="post" action={way.action}>
							<HiddenFields fields={way.fields} />
							<div class="actions">
								<button type="submit" class="outline secondary">
									{say.goOnTo(<Name text={host} />)}
								</button>
							</div>
						</form>
					)}
				</Section>
				<ToStart />
			</>
		),
	});
}

import { renderCard } from "../../ui/document.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { HiddenFields } from "../../ui/post-form.tsx";
import { ToStart } from "../../ui/problem.tsx";
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
	return renderCard({
		shell,
		title: "This cannot be asked",
		failed: true,
		children: (
			<>
				<p class="clamp">
					<StrongName text={name} /> asked for something in a way that does not work here: {detail}.
				</p>
				<Section id="next" title="What you can do">
					<p>
						Nobody here has checked who is behind this application. Its answer would lead you to{" "}
						<StrongName class="host" text={host} />. Go on only if you know this site and meant to come from it.
					</p>
					{"href" in way ? (
						<p>
							<a href={way.href} rel="noreferrer">
								Go on to <Name text={host} />
							</a>
						</p>
					) : (
						<form method="post" action={way.action}>
							<HiddenFields fields={way.fields} />
							<div class="actions">
								<button type="submit" class="outline secondary">
									Go on to <Name text={host} />
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

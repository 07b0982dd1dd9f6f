import { renderDocument } from "../../ui/document.tsx";
import { HiddenFields } from "../../ui/hidden-fields.tsx";
import { Name } from "../../ui/name.tsx";

export interface LeaveProps {
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
export function leaveView({ name, host, detail, way }: LeaveProps): string {
	return renderDocument({
		title: "This cannot be asked",
		width: "narrow",
		failed: true,
		children: (
			<div class="card">
				<h1>This cannot be asked</h1>
				<p class="clamp">
					<strong>
						<Name text={name} />
					</strong>{" "}
					asked for something in a way that does not work here: {detail}.
				</p>
				<section aria-labelledby="next">
					<h2 id="next">What you can do</h2>
					<p>
						Nobody here has checked who is behind this application. Its answer would lead you to{" "}
						<strong class="host">
							<Name text={host} />
						</strong>
						. Go on only if you know this site and meant to come from it.
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
				</section>
				<p class="aside">
					<a href="/">Go to the start page</a>
				</p>
			</div>
		),
	});
}

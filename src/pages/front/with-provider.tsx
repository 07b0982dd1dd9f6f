import { renderCard } from "../../ui/document.tsx";
import { StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { ToStart } from "../../ui/problem.tsx";
import type { Shell } from "../../words/shell.ts";

/** For who has signed out here, after they came in through a provider. */
export function stillThereView(props: {
	readonly shell: Shell;
	readonly name: string;
	readonly signOutUrl: string;
}): string {
	const { shell, name, signOutUrl } = props;
	return renderCard({
		shell,
		title: "You are signed out",
		children: (
			<>
				<p>
					Nobody is signed in here in this browser. At <StrongName text={name} /> you still are: whoever uses this
					browser next could come in as you once more.
				</p>
				<p class="row">
					<LinkButton href={signOutUrl} label={`Sign out at ${name} too`} />
				</p>
				<ToStart />
			</>
		),
	});
}

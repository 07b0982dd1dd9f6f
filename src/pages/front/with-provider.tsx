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
	const { provider: say } = shell.words;
	return renderCard({
		shell,
		title: say.signedOutTitle,
		children: (
			<>
				<p>{say.stillThere(<StrongName text={name} />)}</p>
				<p class="row">
					<LinkButton href={signOutUrl} label={say.signOutThere(name)} />
				</p>
				<ToStart />
			</>
		),
	});
}

/** Before a place that the provider names, and that is not where it is. */
export function signOutElsewhereView(props: {
	readonly shell: Shell;
	readonly name: string;
	readonly host: string;
	readonly url: string;
}): string {
	const { shell, name, host, url } = props;
	const { signOutElsewhere: say } = shell.words.provider;
	return renderCard({
		shell,
		title: say.title,
		children: (
			<>
				<p>{say.detail(<StrongName text={name} />, <StrongName text={host} />)}</p>
				<p class="row">
					<LinkButton href={url} label={say.go(host)} />
				</p>
				<ToStart />
			</>
		),
	});
}

export interface TabsProps {
	readonly label: string;
	/** A tab without an address is disabled; `why` then says why. */
	readonly tabs: readonly { readonly name: string; readonly url: string | null; readonly why?: string }[];
	readonly current: string;
}

/** Parts of one thing, each an address of its own, so that they work without a script and can be linked to. */
export function Tabs({ label, tabs, current }: TabsProps) {
	return (
		<nav class="tabs" aria-label={label}>
			<ul>
				{tabs.map(({ name, url, why }) => (
					<li key={name}>
						{url === null ? (
							<span class="muted" aria-disabled="true" title={why}>
								{name}
							</span>
						) : (
							<a href={url} aria-current={name === current ? "page" : undefined}>
								{name}
							</a>
						)}
					</li>
				))}
			</ul>
		</nav>
	);
}

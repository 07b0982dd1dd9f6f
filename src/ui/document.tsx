import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import type { BrandLinks } from "../domain/brand.ts";
import type { Shell } from "../words/shell.ts";
import type { Words } from "../words/en.ts";
import { languageNames, languages } from "../words/languages.ts";
import { plainText } from "./name.tsx";
import { HiddenFields } from "./post-form.tsx";
import { SpokenWords } from "./words.ts";

export interface DocumentProps {
	readonly shell: Shell;
	/** What stands in the tab; whose page it is is added. */
	readonly title: string;
	/** `narrow`: one card in the middle. `wide`: a page of text and lists. `console`: the same beside a navigation. */
	readonly width: "narrow" | "wide" | "console";
	/** Whether the page answers with an error: a screen reader reads the title first, so it says so first. */
	readonly failed?: boolean | undefined;
	/** At the end of the bar at the top. */
	readonly bar?: ComponentChildren;
	/** What every page has before its content: "Skip to content" leads past it. */
	readonly side?: ComponentChildren;
	readonly children: ComponentChildren;
}

/**
 * The shell around every page: a complete HTML document that needs no JavaScript. Nothing in it may need more than
 * `default-src 'none'; style-src 'self'; img-src 'self' data:`, so there are no style attributes anywhere in a view.
 */
export function renderDocument({ shell, title, width, failed = false, bar, side, children }: DocumentProps): string {
	const { brand, words } = shell;
	const say = words.shell;
	const named = `${plainText(title)} · ${brand.name}`;
	const html = renderToString(
		<html lang={words.tag} dir={words.dir}>
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<title>{failed ? say.failed(named) : named}</title>
				<link rel="icon" href={brand.logo} />
				<link rel="stylesheet" href="/static/pico.min.css" />
				<link rel="stylesheet" href="/static/latchkey.css" />
				{brand.color !== null && <link rel="stylesheet" href={`/brand.css?${brand.color.slice(1)}`} />}
				<script src="/static/latchkey.js" defer />
			</head>
			<body class={`page ${width}`}>
				<a class="skip" href="#main">
					{say.skip}
				</a>
				<header>
					<a class="wordmark" href="/">
						<img src={brand.logo} alt="" width="28" height="28" />
						<span class="cut">{brand.name}</span>
					</a>
					{bar}
				</header>
				{side}
				<main id="main" tabindex={-1}>
					<SpokenWords.Provider value={words}>{children}</SpokenWords.Provider>
				</main>
				<footer>
					{failed && (
						<p>
							{say.whichRequest} <code id="request-id" />
						</p>
					)}
					<OwnLinks links={brand.links} words={words} />
					<Languages {...shell} />
					<p>
						{brand.name === "latchkey" ? say.about : say.runsOn} <a href="/docs">{say.docs}</a>
					</p>
				</footer>
			</body>
		</html>,
	);
	return `<!doctype html>\n${html}`;
}

/** Those that this deployment has. */
function OwnLinks({ links, words }: { readonly links: BrandLinks; readonly words: Words }) {
	const { support, privacy, terms, legalNotice } = words.shell;
	const named = [
		{ url: links.support, label: support },
		{ url: links.privacy, label: privacy },
		{ url: links.terms, label: terms },
		{ url: links.legalNotice, label: legalNotice },
	].flatMap(({ url, label }) => (url === null ? [] : [{ url, label }]));
	if (named.length === 0) return null;
	return (
		<ul class="own-links">
			{named.map(({ url, label }) => (
				<li key={label}>
					<a href={url}>{label}</a>
				</li>
			))}
		</ul>
	);
}

/** For whoever reads another language better: a form, since a link would let any page choose it. */
function Languages({ here, words }: Shell) {
	if (here === null) return null;
	return (
		<form method="post" action="/language" class="languages">
			<HiddenFields fields={{ continue: here }} />
			<fieldset>
				<legend class="visually-hidden">{words.shell.language}</legend>
				{languages.map((language) => (
					<button
						key={language}
						type="submit"
						name="language"
						value={language}
						lang={language}
						aria-current={language === words.tag ? "true" : undefined}
					>
						{languageNames[language]}
					</button>
				))}
			</fieldset>
		</form>
	);
}

/** One card in the middle, under the page's title. */
export function renderCard({ shell, title, failed, children }: Omit<DocumentProps, "width">): string {
	return renderDocument({
		shell,
		title,
		width: "narrow",
		failed,
		children: (
			<div class="card">
				<h1>{title}</h1>
				{children}
			</div>
		),
	});
}

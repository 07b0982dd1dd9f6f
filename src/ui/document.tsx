import type { ComponentChildren } from "preact";
import { renderToString } from "preact-render-to-string";
import { plainText } from "./name.tsx";

export interface DocumentProps {
	/** What stands in the tab; the product's name is added. */
	readonly title: string;
	/** `narrow`: one card in the middle. `wide`: a page of text and lists. */
	readonly width: "narrow" | "wide";
	/** Whether the page answers with an error: a screen reader reads the title first, so it says so first. */
	readonly failed?: boolean | undefined;
	readonly children: ComponentChildren;
}

/**
 * The shell around every page: a complete HTML document that needs no JavaScript. Nothing in it may need more than
 * `default-src 'none'; style-src 'self'; img-src 'self' data:`, so there are no style attributes anywhere in a view.
 */
export function renderDocument({ title, width, failed = false, children }: DocumentProps): string {
	const html = renderToString(
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width, initial-scale=1" />
				<meta name="color-scheme" content="light dark" />
				<title>{`${failed ? "Error: " : ""}${plainText(title)} · latchkey`}</title>
				<link rel="icon" type="image/svg+xml" href="/static/latchkey.svg" />
				<link rel="stylesheet" href="/static/pico.min.css" />
				<link rel="stylesheet" href="/static/latchkey.css" />
				<script src="/static/latchkey.js" defer />
			</head>
			<body class={`page ${width}`}>
				<a class="skip" href="#main">
					Skip to content
				</a>
				<header>
					<a class="wordmark" href="/">
						<img src="/static/latchkey.svg" alt="" width="28" height="28" />
						latchkey
					</a>
				</header>
				<main id="main" tabindex={-1}>
					{children}
				</main>
				<footer>
					{failed && (
						<p>
							When you ask somebody about this page, say which request it was: <code id="request-id" />
						</p>
					)}
					<p>
						latchkey issues, checks and revokes credentials: OAuth tokens and API keys.{" "}
						<a href="/docs">API documentation</a>
					</p>
				</footer>
			</body>
		</html>,
	);
	return `<!doctype html>\n${html}`;
}

/** One card in the middle, under the page's title. */
export function renderCard({ title, failed, children }: Omit<DocumentProps, "width">): string {
	return renderDocument({
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

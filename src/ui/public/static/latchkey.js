// What is better with a little script. Every page works without it, so what only it can do is hidden until it runs.
for (const button of document.querySelectorAll("button[data-copy]")) {
	const source = document.getElementById(button.dataset.copy);
	if (!source || !navigator.clipboard) continue;
	const label = button.textContent;
	button.hidden = false;
	const say = (text) => {
		button.textContent = text;
		setTimeout(() => (button.textContent = label), 2000);
	};
	button.addEventListener("click", () => {
		navigator.clipboard.writeText(source.textContent).then(
			() => say("Copied"),
			() => {
				getSelection().selectAllChildren(source);
				say("Press Ctrl+C");
			},
		);
	});
}
for (const button of document.querySelectorAll("button[data-print]")) {
	button.hidden = false;
	button.addEventListener("click", () => print());
}
// OAuth 2.0 Form Post Response Mode: an answer to an application goes on by itself.
document.querySelector("form[data-submits-itself]")?.submit();
for (const form of document.querySelectorAll("form[method=post]")) {
	// A second click while the first is under way sends nothing more.
	form.addEventListener("submit", (event) => {
		if (form.dataset.sent) event.preventDefault();
		form.dataset.sent = "yes";
		setTimeout(() => delete form.dataset.sent, 5000);
	});
}

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
// Times in UTC, where a profile says no time zone, are read where the browser is.
{
	const format = new Intl.DateTimeFormat("en-GB", {
		day: "numeric",
		month: "short",
		year: "numeric",
		hour: "2-digit",
		minute: "2-digit",
		timeZoneName: "short",
	});
	for (const time of document.querySelectorAll("time[data-local]")) {
		time.textContent = format.format(new Date(time.dateTime));
	}
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
// WebAuthn (https://www.w3.org/TR/webauthn-3/): what a form asks of a passkey, and the form with its answer (ui/passkey-part.tsx).
{
	const api = globalThis.PublicKeyCredential;
	const reasons = { NotAllowedError: "cancelled", InvalidStateError: "there", SecurityError: "notHere" };

	/** The browser shows its own window; `conditional`: among what it fills in at the user name. */
	const ask = async (part, mediation, signal) => {
		const options = JSON.parse(part.dataset.options);
		const credential =
			part.dataset.passkey === "create"
				? await navigator.credentials.create({ publicKey: api.parseCreationOptionsFromJSON(options), signal })
				: await navigator.credentials.get({ publicKey: api.parseRequestOptionsFromJSON(options), mediation, signal });
		const field = part.querySelector("input");
		field.value = JSON.stringify(credential);
		// Not requestSubmit(): what else could be filled in instead is not wanted then.
		field.form.submit();
	};

	for (const part of document.querySelectorAll("[data-passkey]")) {
		const button = part.querySelector("button");
		const said = part.querySelector("output");
		const told = JSON.parse(part.dataset.told);
		if (!api?.parseRequestOptionsFromJSON) {
			said.textContent = told.unknown;
			continue;
		}
		said.textContent = "";
		const waiting = new AbortController();
		const { form } = button;
		const askNow = () => {
			// A browser asks for one thing at a time.
			waiting.abort();
			said.textContent = "";
			ask(part, "optional").catch(({ name }) => {
				delete form.dataset.sent;
				const none = name === "NotAllowedError" && part.dataset.passkey === "get";
				said.textContent = told[reasons[name] ?? "failed"] + (none ? ` ${told.none}` : "");
			});
		};
		if ("alone" in part.dataset) {
			// There is nothing else that the form's own button could send.
			form.addEventListener("submit", (event) => {
				if (!event.defaultPrevented) askNow();
				event.preventDefault();
			});
			continue;
		}
		button.hidden = false;
		button.addEventListener("click", askNow);
		if ("autofill" in part.dataset) {
			// Whoever takes none has done nothing wrong.
			api
				.isConditionalMediationAvailable?.()
				.then((available) => available && ask(part, "conditional", waiting.signal))
				.catch(() => {});
		}
	}
}

import { describe, expect, test } from "vitest";
import { isActedOn } from "../../../src/domain/redirect-schemes.ts";

// What Chromium hands to no other program (external_protocol_handler.cc), what Firefox does not (all.js), what any web site can
// take (HTML, registerProtocolHandler), and what Windows, macOS, iOS and Android act on.
const chromium =
	"afp data disk disks file hcp ie.http its javascript mk ms-help ms-its nntp res shell vbscript view-source vnd.ms.radio";
const firefox =
	"hcp vbscript javascript data ie.http iehistory ierss mk ms-cxh ms-cxh-full ms-help ms-msdt res search search-ms shell " +
	"vnd.ms.radio help disk disks afp moz-icon ttp htp ttps tps htps";
const sites =
	"bitcoin ftp ftps geo im irc ircs magnet mailto matrix mms news nntp openpgp4fpr sftp sip sms smsto ssh tel webcal wtai xmpp " +
	"web+oauth ext+oauth";
const systems =
	"ms-appinstaller ms-officecmd ms-word ms-settings intent android-app content market itms-services itms-apps applescript " +
	"x-apple.systempreferences x-apple-helpbasic facetime shortcuts smb ldap";
const pages =
	"about blob filesystem chrome chrome-extension chrome-untrusted devtools edge brave moz-extension safari-web-extension jar " +
	"resource ws wss isolated-app externalfile cros-apps uuid-in-package page-icon cached-favicon indexeddb imap mailbox";
// Those by which one browser has a URL opened in another, and what a player fetches from the host that the URL names.
const handedOn =
	"microsoft-edge microsoft-edge-holographic googlechrome googlechromes googlechrome-x-callback opera opera-http opera-https " +
	"touch-http touch-https firefox-focus firefox-klar rtmp rtmps rtmpe rtmpt rtmpte rtmpts rtmfp mmsh mmst";

describe("no application is answered by a scheme that somebody else acts on", () => {
	test.each(`${chromium} ${firefox} ${sites} ${systems} ${pages} ${handedOn}`.split(" "))("%s", (scheme) => {
		const capitals = scheme.toUpperCase();
		const split = `${scheme.slice(0, 1)}\t${scheme.slice(1, 2)}\n${scheme.slice(2)}`;
		for (const spelt of [scheme, capitals, ` ${scheme}`, `\u0000${scheme}`, split]) {
			expect([spelt, isActedOn(`${spelt}:alert(1)`), isActedOn(`${spelt}://x.example/cb`)]).toEqual([
				spelt,
				true,
				true,
			]);
		}
	});

	test("nor by a drive of Windows", () => {
		expect(isActedOn("c:/windows/system32/calc.exe")).toBe(true);
		expect(isActedOn("C:\\windows\\system32\\calc.exe")).toBe(true);
	});
});

test.each([
	"cursor",
	"vscode",
	"vscode-insiders",
	"claude",
	"raycast",
	"windsurf",
	"zed",
	"goose",
	"com.example.app",
	"msal1",
	"operator",
	"touchstone",
])("%s is an application's own", (scheme) => {
	expect(isActedOn(`${scheme}://oauth/callback`)).toBe(false);
	expect(isActedOn(`${scheme}:/oauth/callback?to=javascript:alert(1)`)).toBe(false);
});

test("what is no URL is nobody's", () => {
	expect(isActedOn("/callback")).toBe(false);
	expect(isActedOn("")).toBe(false);
});

/**
 * Schemes that no application of its own has: a browser or an operating system acts on them itself, or hands them to whatever it
 * likes. An answer sent there would be run, shown, opened, mailed, dialled or sent in the clear. They are those that Chromium and
 * Firefox hand to no other program, those that any web site can take (HTML, `registerProtocolHandler`), and what Windows, macOS,
 * iOS and Android bring with them.
 */
const actedOn = [
	// Scripts, and documents that stand in a URL or an archive.
	"javascript jscript livescript mocha vbscript data blob filesystem about view-source jar mhtml wyciwyg feed feeds pcast",
	// Files, and what opens one.
	"file content package res resource shell disk disks its mk hcp help search cid mid",
	// A browser's own pages, and what has another browser or program open a URL.
	"chrome devtools brave edge opera vivaldi iehistory ierss intent android-app isolated-app externalfile uuid-in-package",
	"cros-apps page-icon cached-favicon indexeddb imap mailbox firefox touch-http touch-https",
	// Protocols that something on each computer speaks, with whatever host the URL names; slips for http, which browsers mend.
	"ftp ftps sftp tftp gopher dict ws wss ldap ldaps telnet tn3270 rlogin ssh rdp vnc smb cifs nfs afp dav davs webdav",
	"htp htps ttp ttps tps rtsp rtmfp mms mmsh mmst news snews nntp irc ircs git svn rsync ipfs ipns dat dweb ssb magnet",
	// Mail, calls, messages, maps, calendars, payments.
	"mailto tel telprompt callto sms smsto mmsto fax modem sip sips im imessage xmpp matrix facetime facetime-audio wtai",
	"geo maps calshow webcal webcals bitcoin openpgp4fpr",
	// What installs, sets or runs something.
	"market itms itms-apps itms-appss itms-services macappstore macappstores applescript shortcuts workflow",
	"prefs app-prefs app-settings",
].flatMap((names) => names.split(" "));

/**
 * By how they begin: inner pages and extensions of browsers, what has another browser open a URL, Windows' and Apple's own,
 * sites' own; one letter is a drive.
 */
const families =
	/^(?:(?:chrome|devtools|firefox|moz|opera|safari|ms|search|x-(?:apple|help|man|web))[.-]|microsoft-edge|googlechrome|rtmp|(?:web|ext)\+|ie\.|vnd\.ms\.|.$)/;

/** Of a URL as a browser would understand it: in capitals, after white space, with tabs in between. */
export function isActedOn(uri: string): boolean {
	if (!URL.canParse(uri)) return false;
	const scheme = new URL(uri).protocol.slice(0, -1);
	return actedOn.includes(scheme) || families.test(scheme);
}

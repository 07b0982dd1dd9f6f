/** RFC 4180 §2: each cell quoted, and CRLF at the end. */
export function csvLine(cells: readonly string[]): string {
	return `${cells.map(csvCell).join(",")}\r\n`;
}

/** RFC 4180 §2, and a quote before what a spreadsheet would take for a formula (OWASP ASVS 5.0, 1.2.10), in full width too. */
export function csvCell(text: string): string {
	const isFormula = /^[=+\-@\t\r\n\0|%\uff1d\uff0b\uff0d\uff20]/.test(text);
	return `"${(isFormula ? `'${text}` : text).replaceAll('"', '""')}"`;
}

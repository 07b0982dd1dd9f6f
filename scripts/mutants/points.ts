import { type CallExpression, type Expression, type Node, parseSync, visitorKeys } from "oxc-parser";

/** A place where one change of the program's text makes another program. */
export interface Point {
	/** What is written differently, by the list below. */
	readonly operator: Operator;
	/** The part of the text that is replaced, and what stands there instead. */
	readonly start: number;
	readonly end: number;
	readonly text: string;
	/** How the part stands in its surroundings, for whoever wants both texts beside each other. */
	readonly part: "expression" | "statement" | "attribute";
	readonly line: number;
	readonly column: number;
}

type Operator =
	| "condition"
	| "equality"
	| "boundary"
	| "boolean"
	| "arithmetic"
	| "logic"
	| "not"
	| "statement"
	| "return"
	| "optional chain"
	| "method"
	| "string";

const equalities = new Map([["===", "!=="], ["!==", "==="]]); // prettier-ignore
const boundaries = new Map([
	["<", "<="],
	["<=", "<"],
	[">", ">="],
	[">=", ">"],
]);
const arithmetics = new Map([
	["+", "-"],
	["-", "+"],
	["*", "/"],
	["/", "*"],
	["%", "*"],
]);
const logics = new Map([
	["&&", "||"],
	["||", "&&"],
	["??", "&&"],
]);
const methods = new Map([
	["some", "every"],
	["every", "some"],
	["startsWith", "endsWith"],
	["endsWith", "startsWith"],
	["min", "max"],
	["max", "min"],
	["toLowerCase", "toUpperCase"],
	["filter", null],
	["toSorted", null],
	["trim", null],
	["slice", null],
]);

/** All of a module's. What a compiler takes away, words for people and the looks of a page (`class`) are not changed. */
export function pointsOf(path: string, source: string): readonly Point[] {
	const { program, errors } = parseSync(path, source);
	if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
	const points: Point[] = [];
	const textOf = ({ start, end }: Span) => source.slice(start, end);
	const add = (operator: Operator, { start, end }: Span, text: string, part: Point["part"] = "expression") => {
		const before = source.slice(0, start).split("\n");
		const column = (before.at(-1) ?? "").length + 1;
		points.push({ operator, start, end, text, part, line: before.length, column });
	};

	/** `chain`: the optional chain that the node is a link of. Half of a chain cannot stand alone. */
	function visit(node: Node, above: readonly Node[], chain: Node | null): void {
		if (node.type.startsWith("TS") && !erasedAround.has(node.type)) return;
		const whole = chain ?? node;
		/** The same with a part of the node written differently. */
		const rewrite = (operator: Operator, from: number, to: number, text: string) =>
			add(operator, whole, source.slice(whole.start, from) + text + source.slice(to, whole.end));
		const parent = above.at(-1);

		switch (node.type) {
			case "IfStatement":
			case "WhileStatement":
			case "ConditionalExpression":
				if (!isTurned(node.test)) add("condition", node.test, `!(${textOf(node.test)})`);
				break;
			case "BinaryExpression":
			case "LogicalExpression": {
				const [operator, other] = otherOf(node.operator);
				const isText = [node.left, node.right].some(
					({ type, ...each }) =>
						type === "TemplateLiteral" ||
						(type === "Literal" && typeof (each as { value?: unknown }).value === "string"),
				);
				if (!operator || !other || (operator === "arithmetic" && isText)) break;
				add(operator, node, `(${textOf(node.left)}) ${other} (${textOf(node.right)})`);
				break;
			}
			case "UnaryExpression":
				if (node.operator === "!") add("not", node, textOf(node.argument));
				break;
			case "Literal":
				if (isName(node, parent)) break;
				if (typeof node.value === "boolean") add("boolean", node, String(!node.value));
				if (typeof node.value === "string" && !/\s/.test(node.value)) {
					const isAttribute = parent?.type === "JSXAttribute";
					add("string", node, node.value === "" ? '"mutant"' : '""', isAttribute ? "attribute" : "expression");
				}
				break;
			case "ExpressionStatement":
				if (acts(node.expression)) add("statement", node, "{}", "statement");
				break;
			case "ReturnStatement":
			case "ThrowStatement":
			case "ContinueStatement":
				if (isEarly(node, above)) add("return", node, "{}", "statement");
				break;
			case "MemberExpression":
			case "CallExpression": {
				const before = node.type === "CallExpression" ? node.callee : node.object;
				if (node.optional) {
					const mark = source.indexOf("?.", before.end);
					const isPlain = node.type === "MemberExpression" && !node.computed;
					rewrite("optional chain", mark, mark + 2, isPlain ? "." : "");
				}
				const called = node.type === "CallExpression" && methodOf(node);
				if (!called) break;
				const other = methods.get(called.name);
				if (other) rewrite("method", called.start, called.end, other);
				else rewrite("method", called.object.end, node.end, "");
				break;
			}
			default:
		}

		for (const key of visitorKeys[node.type] ?? []) {
			const child = (node as unknown as Record<string, Node | readonly Node[] | null>)[key];
			const isLink = key === "object" || key === "callee" || key === "expression";
			const links = node.type === "ChainExpression" ? node : isLink && chain ? chain : null;
			for (const each of Array.isArray(child) ? child : [child]) if (each) visit(each, [...above, node], links);
		}
	}

	visit(program, [], null);
	return points;
}

interface Span {
	readonly start: number;
	readonly end: number;
}

/** Around what remains at run time. */
const erasedAround = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"]);

function otherOf(operator: string): [Operator, string] | [] {
	const lists = { equality: equalities, boundary: boundaries, arithmetic: arithmetics, logic: logics };
	for (const [name, list] of Object.entries(lists)) {
		const other = list.get(operator);
		if (other !== undefined) return [name as keyof typeof lists, other];
	}
	return [];
}

/** What another operator turns round already. */
function isTurned(test: Expression): boolean {
	return (
		(test.type === "UnaryExpression" && test.operator === "!") ||
		(test.type === "BinaryExpression" && equalities.has(test.operator))
	);
}

/** A text that names something, and the looks. */
function isName(node: Node, parent: Node | undefined): boolean {
	switch (parent?.type) {
		case "ImportDeclaration":
		case "ExportNamedDeclaration":
		case "ExportAllDeclaration":
		case "ImportExpression":
		case "ImportAttribute":
		case "ExpressionStatement":
			return true;
		case "Property":
		case "PropertyDefinition":
			return parent.key === node;
		case "JSXAttribute":
			return parent.name.type === "JSXIdentifier" && parent.name.name === "class";
		default:
			return false;
	}
}

function acts(expression: Expression): boolean {
	const { type } = expression;
	return ["CallExpression", "AwaitExpression", "AssignmentExpression", "UpdateExpression", "ChainExpression"].includes(
		type,
	);
}

function isEarly(node: Node, above: readonly Node[]): boolean {
	const parent = above.at(-1);
	const block = parent?.type === "BlockStatement" ? above.at(-2) : parent;
	return block?.type === "IfStatement" && node.type !== "IfStatement";
}

/** The method that a call names, if it is one of the list. */
function methodOf({ callee }: CallExpression): { name: string; start: number; end: number; object: Span } | false {
	if (callee.type !== "MemberExpression" || callee.computed || callee.property.type !== "Identifier") return false;
	const { name, start, end } = callee.property;
	return methods.has(name) && { name, start, end, object: callee.object };
}

import { describe, expect, test } from "vitest";
import { tokenHash } from "../../../src/crypto/digest.ts";

// OIDC Core appendix A: an access token and its at_hash; a code and its c_hash, which is made the same way.
const example = "jHkWEdUXMU1BwAsC4vtUsZwnNvTIxEl0z9K3vx5KF0Y";
const exampleCode = "Qcb0Orv1zh30vL1MPRsbm-diHiMwcLyZvn1arpZv-Jxf_11jnpEX3Tgfvk";

describe("OIDC Core §3.1.3.6: at_hash", () => {
	test("appendix A: RS256 takes the left half of SHA-256", async () => {
		expect(await tokenHash(example, "RS256")).toBe("77QmUPtjPfzWtF2AnpK9RQ");
		expect(await tokenHash(exampleCode, "RS256")).toBe("LDktKdoQak3Pk0cnXxCltA");
	});

	test.each(["PS256", "ES256"] as const)("%s has the same hash inside", async (algorithm) => {
		expect(await tokenHash(example, algorithm)).toBe("77QmUPtjPfzWtF2AnpK9RQ");
	});

	test("RFC 8032 §5.1: Ed25519 has SHA-512 inside, of which half is 32 bytes", async () => {
		expect(await tokenHash(example, "EdDSA")).toBe("q7nS86GgvvFaZkzALLWqJYaJIKw2wCDAVfCAsm5CrBM");
	});
});

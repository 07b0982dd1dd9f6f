package latchkey;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.nimbusds.jose.util.JSONObjectUtils;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/** Prints each test, and writes to REPORT what was seen. */
final class Report implements BeforeAllCallback, TestWatcher {

	private static final Map<String, Map<String, Object>> clients = new LinkedHashMap<>();
	private static int passed;
	private static int failed;

	@Override
	public void beforeAll(ExtensionContext context) {
		client(context);
		// Closed when all is over.
		context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(Report.class, (key) -> (AutoCloseable) Report::write);
	}

	@Override
	public void testSuccessful(ExtensionContext context) {
		passed++;
		@SuppressWarnings("unchecked")
		List<String> works = (List<String>) client(context).get("works");
		works.add(context.getDisplayName());
		say("ok", context);
	}

	@Override
	public void testFailed(ExtensionContext context, Throwable cause) {
		failed++;
		say("FAILED", context);
	}

	private static void say(String how, ExtensionContext context) {
		Map<String, Object> client = client(context);
		System.out.printf("%s: %s %s: %s%n", how, client.get("client"), client.get("version"), context.getDisplayName());
	}

	private static Map<String, Object> client(ExtensionContext context) {
		Drives drives = context.getRequiredTestClass().getAnnotation(Drives.class);
		return clients.computeIfAbsent(drives.value(), (name) -> {
			Map<String, Object> client = new LinkedHashMap<>();
			client.put("client", name);
			client.put("version", drives.of().getPackage().getImplementationVersion());
			client.put("language", "Java");
			client.put("needs", List.of(drives.needs()));
			client.put("works", new ArrayList<String>());
			return client;
		});
	}

	private static void write() throws Exception {
		Map<String, Object> report = Map.of("numPassedTests", passed, "numFailedTests", failed, "numFailedTestSuites", 0,
				"clients", List.copyOf(clients.values()));
		Files.writeString(Path.of(System.getenv("REPORT")), JSONObjectUtils.toJSONString(report));
	}

}

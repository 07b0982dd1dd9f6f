package latchkey;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

import com.nimbusds.oauth2.sdk.util.JSONObjectUtils;
import org.springframework.web.util.UriComponentsBuilder;

/** What test/interop/stage.ts offers. */
final class Stage {

	static final String issuer = System.getenv("LATCHKEY_ISSUER");

	/** Nobody listens there: a visit ends with what was sent to it. */
	static final String callback = "http://127.0.0.1:9/callback";

	private static final String stage = System.getenv("LATCHKEY_STAGE");
	private static final HttpClient http = HttpClient.newHttpClient();

	record Client(String id, String secret) {
	}

	/** What a person saw last. */
	record Visit(String url, long status, String body) {

		/** From the query that a client's callback got. */
		String sent(String name) {
			String value = UriComponentsBuilder.fromUriString(url).build(true).getQueryParams().getFirst(name);
			if (value == null) {
				throw new AssertionError("The person ended at %s (%d): %.500s".formatted(url, status, body));
			}
			return URLDecoder.decode(value, StandardCharsets.UTF_8);
		}

		Map<String, Object> json() throws Exception {
			if (status != 200) {
				throw new AssertionError("The person ended at %s (%d): %.500s".formatted(url, status, body));
			}
			return JSONObjectUtils.parse(body);
		}
	}

	/** They sign in and allow what is asked; the same person is in the same browser again. */
	static Visit visit(String person, String link) throws Exception {
		return visit(person, link, "Allow");
	}

	static Visit visit(String person, String link, String press) throws Exception {
		String query = UriComponentsBuilder.newInstance()
			.queryParam("person", "{person}")
			.queryParam("press", "{press}")
			.queryParam("url", "{link}")
			.encode()
			.buildAndExpand(person, press, link)
			.toUriString();
		HttpResponse<String> answer = get(stage + "/visit" + query, null);
		if (answer.statusCode() != 200) {
			throw new AssertionError(answer.body());
		}
		Map<String, Object> seen = JSONObjectUtils.parse(answer.body());
		return new Visit((String) seen.get("url"), ((Number) seen.get("status")).longValue(), (String) seen.get("body"));
	}

	/** Registered as an administrator does it, with nothing beyond what is said here. */
	static Client newClient(Map<String, Object> members) throws Exception {
		Map<String, Object> all = new LinkedHashMap<>(
				Map.of("name", "Interop " + UUID.randomUUID(), "kind", "application", "redirect_urls", List.of(callback)));
		all.putAll(members);
		Map<String, Object> made = post("/clients", all);
		return new Client((String) made.get("client_id"), (String) made.get("client_secret"));
	}

	/** An API of the account, which this client serves: tokens for it have these permissions as their scope. */
	static void newApi(String identifier, Client server, String... permissions) throws Exception {
		List<Map<String, Object>> described = Stream.of(permissions)
			.map((name) -> Map.<String, Object>of("name", name, "title", "May do " + name, "description", "", "members", true,
					"self_registered", false))
			.toList();
		post("/apis", Map.of("identifier", identifier, "name", "Interop " + UUID.randomUUID(), "description", "", "permissions",
				described, "servers", List.of(server.id())));
	}

	private static Map<String, Object> post(String path, Map<String, Object> members) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(URI.create(stage + path))
			.POST(HttpRequest.BodyPublishers.ofString(com.nimbusds.jose.util.JSONObjectUtils.toJSONString(members)))
			.build();
		HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
		if (answer.statusCode() != 201) {
			throw new AssertionError(answer.body());
		}
		return JSONObjectUtils.parse(answer.body());
	}

	static HttpResponse<String> get(String url, String bearer) throws IOException, InterruptedException {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
		if (bearer != null) {
			request.header("authorization", "Bearer " + bearer);
		}
		return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
	}

	static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private Stage() {
	}

}

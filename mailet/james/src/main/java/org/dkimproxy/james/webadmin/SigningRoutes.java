package org.dkimproxy.james.webadmin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import jakarta.inject.Inject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.james.webadmin.Routes;
import org.dkimproxy.james.LiveSettings;
import org.dkimproxy.james.RunningMailets;
import org.dkimproxy.signing.PlannedSignature;
import org.dkimproxy.signing.SigningPlan;
import spark.Request;
import spark.Response;
import spark.Service;

/**
 * Routes of James's webadmin that ask and reload every {@link org.dkimproxy.james.SignWithSenderMap}, for {@code
 * webadmin.properties}:
 *
 * <pre><code>
 * extensions.routes=org.dkimproxy.james.webadmin.SigningRoutes
 * </code></pre>
 *
 * <ul>
 *   <li>{@code GET /dkimproxy/sender/{address}} returns, for each mailet, which rule signs the mail of an author and how, or why
 *       none does.
 *   <li>{@code POST /dkimproxy/reload} has each mailet read its files again and returns 200 once all use what they have read; 409 with the
 *       errors if one of them does not, and then its previous configuration stays active.
 * </ul>
 *
 * <p>Bodies are JSON; errors have the form of webadmin's own. Without a running mailet both return 404. Who may ask is James's business
 * ({@code jwt.enabled}).
 *
 * <p>Thread-safe.
 */
public final class SigningRoutes implements Routes {
    private static final String BASE = "/dkimproxy";
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;

    private final RunningMailets mailets;
    private final ObjectMapper json = new ObjectMapper();

    /** Made by James. */
    @Inject
    SigningRoutes(RunningMailets mailets) {
        this.mailets = mailets;
    }

    @Override
    public String getBasePath() {
        return BASE;
    }

    @Override
    public void define(Service service) {
        service.get(BASE + "/sender/:address", this::sender);
        service.post(BASE + "/reload", this::reload);
    }

    private String sender(Request request, Response response) throws JsonProcessingException {
        List<LiveSettings> running = mailets.all();
        if (running.isEmpty()) {
            return noMailet(response);
        }
        try {
            String address = lastSegment(request.uri());
            return body(
                    response,
                    running.stream().map(settings -> plan(settings, address)).toList());
        } catch (IllegalArgumentException noAddress) {
            return error(response, BAD_REQUEST, "InvalidArgument", String.valueOf(noAddress.getMessage()));
        }
    }

    /** The last segment of a path, decoded. Spark decodes its parameters as those of a form, which makes a blank of a plus. */
    private static String lastSegment(String path) {
        String segment = path.substring(path.lastIndexOf('/') + 1);
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private String reload(Request request, Response response) throws JsonProcessingException, InterruptedException {
        List<LiveSettings> running = mailets.all();
        if (running.isEmpty()) {
            return noMailet(response);
        }
        List<String> errors = new ArrayList<>();
        for (LiveSettings settings : running) {
            settings.reload().forEach(error -> errors.add(settings.processor() + ": " + error));
        }
        if (errors.isEmpty()) {
            return body(response, running.stream().map(SigningRoutes::identity).toList());
        }
        return error(
                response,
                CONFLICT,
                "WrongState",
                "configuration not reloaded, the previous configuration stays active:\n" + String.join("\n", errors));
    }

    private static Map<String, Object> identity(LiveSettings settings) {
        Map<String, Object> identity = new LinkedHashMap<>();
        identity.put("processor", settings.processor());
        identity.put("fingerprint", settings.fingerprintText());
        return identity;
    }

    private static Map<String, Object> plan(LiveSettings settings, String address) {
        Map<String, Object> plan = identity(settings);
        switch (settings.plan(address)) {
            case SigningPlan.Sign sign -> {
                plan.put("outcome", "signed");
                plan.put(
                        "signatures",
                        sign.signatures().stream().map(SigningRoutes::signature).toList());
            }
            case SigningPlan.Leave leave -> {
                plan.put("outcome", "skipped");
                plan.put("reason", leave.reason());
            }
            case SigningPlan.Fail fail -> {
                plan.put("outcome", "failed");
                plan.put("reason", fail.reason());
            }
        }
        return plan;
    }

    private static Map<String, Object> signature(PlannedSignature planned) {
        Map<String, Object> signature = new LinkedHashMap<>();
        signature.put("kind", planned.kind());
        signature.put("rule", planned.rule());
        signature.put("written", planned.written());
        signature.put("position", planned.position().toString());
        planned.domain().ifPresent(domain -> signature.put("domain", domain));
        signature.put("selector", planned.selector());
        signature.put("algorithm", planned.algorithm().tag());
        signature.put("canonicalization", planned.method());
        planned.identity().ifPresent(identity -> signature.put("identity", identity));
        signature.put("keyFile", planned.keyFile().toString());
        planned.publishedKey().ifPresent(key -> signature.put("record", key.record()));
        return signature;
    }

    private String noMailet(Response response) throws JsonProcessingException {
        return error(response, NOT_FOUND, "notFound", "no SignWithSenderMap runs in this James");
    }

    private String error(Response response, int status, String type, String message) throws JsonProcessingException {
        response.status(status);
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("statusCode", status);
        error.put("type", type);
        error.put("message", message);
        return body(response, error);
    }

    private String body(Response response, Object content) throws JsonProcessingException {
        response.type("application/json");
        return json.writeValueAsString(content);
    }
}

package org.dkimproxy.jamesit;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a webadmin. */
record WebAdminClient(InetSocketAddress server) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** An answer. */
    record Answer(int status, String body) {}

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path);
    }

    Answer post(String path) throws IOException, InterruptedException {
        return send("POST", path);
    }

    private Answer send(String method, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://" + server.getAddress().getHostAddress() + ":" + server.getPort() + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<String> response =
                    client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Answer(response.statusCode(), response.body());
        }
    }
}

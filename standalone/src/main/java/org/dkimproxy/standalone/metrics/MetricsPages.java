package org.dkimproxy.standalone.metrics;

import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * What is found under which path.
 *
 * @param accepting whether the proxy accepts clients
 */
record MetricsPages(PrometheusMetrics metrics, BooleanSupplier accepting)
        implements Function<HttpRequest, HttpResponse> {
    @Override
    public HttpResponse apply(HttpRequest request) {
        if (!request.reads()) {
            return HttpResponse.METHOD_NOT_ALLOWED;
        }
        return switch (request.path()) {
            case "/metrics" -> metrics.scrape(request.accept());
            case "/healthz" ->
                accepting.getAsBoolean()
                        ? HttpResponse.ok("ok")
                        : HttpResponse.unavailable("stopping: no more clients are accepted");
            default -> HttpResponse.NOT_FOUND;
        };
    }
}

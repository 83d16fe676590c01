package dev.quotary.api;

import dev.quotary.catalog.Role;
import io.vertx.core.http.HttpMethod;
import java.util.Set;

/**
 * One operation of the API.
 *
 * @param path with {@code {}} for every segment that is a parameter
 * @param bodyBytesMax 0 where the body is not read
 * @param roles whose keys may call it
 */
record Route(HttpMethod method, String path, int bodyBytesMax, Endpoint endpoint, Set<Role> roles) {
    Route {
        roles = Set.copyOf(roles);
    }
}

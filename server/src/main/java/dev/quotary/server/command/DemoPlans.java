package dev.quotary.server.command;

import java.io.IOException;

/** The plans file of the demo, from the jar. */
final class DemoPlans {
    static final String ORGANIZATION = "acme";
    private static final String RESOURCE = "/demo/plans.yaml";

    private DemoPlans() {}

    static byte[] bytes() throws IOException {
        try (var stream = DemoPlans.class.getResourceAsStream(RESOURCE)) {
            if (stream == null) {
                throw new IllegalStateException("the jar lacks " + RESOURCE);
            }
            return stream.readAllBytes();
        }
    }
}

/** A real PostgreSQL for tests: {@link dev.quotary.testkit.postgres.PostgresServer}. */
@NullMarked
package dev.quotary.testkit.postgres;

import org.jspecify.annotations.NullMarked;

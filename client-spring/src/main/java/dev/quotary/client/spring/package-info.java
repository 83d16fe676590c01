/**
 * The Java SDK in Spring Boot: a client from {@code quotary.*} properties, {@link dev.quotary.client.spring.Metered} on methods, and an
 * advisor for Spring AI.
 */
@NullMarked
package dev.quotary.client.spring;

import org.jspecify.annotations.NullMarked;

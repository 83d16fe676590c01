/**
 * What the HTTP faces share: reading JSON and YAML with errors that name the place, problems, authentication, usage headers.
 *
 * <p>It knows the domain's values and no endpoint.
 */
@NullMarked
package dev.quotary.http;

import org.jspecify.annotations.NullMarked;

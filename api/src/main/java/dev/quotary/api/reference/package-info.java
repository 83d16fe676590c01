/** The API reference that people read in a browser: {@code /docs}, rendered from {@code openapi.yaml} by Swagger UI. */
@NullMarked
package dev.quotary.api.reference;

import org.jspecify.annotations.NullMarked;

/**
 * Traces of OpenTelemetry as usage: spans as OTLP carries them, in JSON and in protobuf, and what the conventions for generative AI say in
 * them.
 *
 * <p>Knows no HTTP, no ledger and no prices.
 */
@NullMarked
package dev.quotary.api.otlp;

import org.jspecify.annotations.NullMarked;

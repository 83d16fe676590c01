/**
 * The engine: brings catalog, prices, limiter and ledger together for check, reserve, extend, commit, release, record and status.
 *
 * <p>It owns the order of the steps that makes a crash harmless (see ARCHITECTURE.md): hold first, then the call, then the ledger,
 * then the counters. It knows neither HTTP nor SQL.
 */
@NullMarked
package dev.quotary.usage;

import org.jspecify.annotations.NullMarked;

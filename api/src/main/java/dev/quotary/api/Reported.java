package dev.quotary.api;

import dev.quotary.analytics.MeterQueries;
import dev.quotary.analytics.ReportedEvents;

/**
 * What is read of events that were reported.
 *
 * @param meters what declared meters come to
 * @param events the events themselves
 */
public record Reported(MeterQueries meters, ReportedEvents events) {}

package dev.quotary.usage;

import dev.quotary.call.Ids;
import dev.quotary.catalog.Catalog;
import java.time.InstantSource;

/** The engine as the HTTP faces use it. */
public record Engine(
        Catalog catalog,
        Admissions admissions,
        Settlements settlements,
        Tariff tariff,
        InputRatios ratios,
        Ids ids,
        InstantSource clock) {}

package dev.quotary.api;

import dev.quotary.call.Ids;
import dev.quotary.catalog.Catalog;
import dev.quotary.usage.Admissions;
import dev.quotary.usage.Settlements;
import dev.quotary.usage.Tariff;

/** The engine behind the usage endpoints. */
public record Engine(Admissions admissions, Settlements settlements, Tariff tariff, Catalog catalog, Ids ids) {}

package dev.quotary.api.key;

import dev.quotary.catalog.ApiKey;

/** A key that was made, with its secret. */
public record NewKey(ApiKey key, Secret secret) {}

package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Providers;
import io.vertx.core.http.HttpClientAgent;
import java.time.InstantSource;

/** What every call of one gateway shares. */
record Services(
        Admitting admitting,
        Metering metering,
        Settling settling,
        Counting counting,
        Decoding decoding,
        HttpClientAgent client,
        InstantSource clock,
        Providers providers) {}

package dev.quotary.gateway;

import dev.quotary.gateway.upstream.Providers;
import dev.quotary.usage.InputRatios;
import io.vertx.core.http.HttpClientAgent;
import java.time.InstantSource;

/** What every call of one gateway shares. */
record Services(
        Admitting admitting,
        Metering metering,
        Settling settling,
        Counting counting,
        Decoding decoding,
        InputRatios ratios,
        HttpClientAgent client,
        InstantSource clock,
        Providers providers) {}

package dev.quotary.api;

import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.WireFormat;
import java.util.List;

/**
 * The providers' formats that the API reads.
 *
 * @param chat counts the tokens of chat messages
 * @param answers the APIs whose raw answers may be reported, each kind once
 */
public record Formats(WireFormat chat, List<ProviderApi> answers) {}

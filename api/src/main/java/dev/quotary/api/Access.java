package dev.quotary.api;

import dev.quotary.api.key.Keys;
import dev.quotary.api.provider.ProviderKeys;
import dev.quotary.api.webhook.WebhookSecrets;
import dev.quotary.http.Authentication;

/**
 * Who may call, and with what the server itself calls.
 *
 * @param providerKeys the server's keys at its providers
 * @param webhookSecrets what calls of other systems are signed with
 */
public record Access(
        Authentication authentication, Keys keys, ProviderKeys providerKeys, WebhookSecrets webhookSecrets) {}

package dev.quotary.server.runtime;

import dev.quotary.api.Formats;
import dev.quotary.provider.ProviderApi;
import dev.quotary.provider.anthropic.AnthropicApi;
import dev.quotary.provider.gemini.GeminiApi;
import dev.quotary.provider.openai.ChatDialect;
import dev.quotary.provider.openai.OpenAiChat;
import dev.quotary.provider.openai.api.OpenAiApi;
import dev.quotary.provider.text.Tokenizers;
import dev.quotary.server.config.ProviderConfig;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Which API each kind of provider speaks. */
final class ProviderApis {
    private ProviderApis() {}

    /** @return empty for a kind that is not built yet */
    static Optional<ProviderApi> of(String name, ProviderConfig config, Tokenizers tokenizers, InstantSource clock) {
        return switch (config.kind()) {
            case OPENAI -> {
                var dialect = name.equals("openai") ? ChatDialect.OPENAI : ChatDialect.COMPATIBLE;
                yield Optional.of(new OpenAiApi(asking(dialect, config), tokenizers));
            }
            case XAI -> Optional.of(new OpenAiApi(asking(ChatDialect.XAI, config), tokenizers));
            case ANTHROPIC -> Optional.of(new AnthropicApi(tokenizers, clock));
            case GEMINI -> Optional.of(new GeminiApi(tokenizers));
        };
    }

    private static ChatDialect asking(ChatDialect dialect, ProviderConfig config) {
        return dialect.asking(config.streamUsage());
    }

    /** What the usage API reads. */
    static Formats formats(Tokenizers tokenizers, InstantSource clock) {
        return new Formats(
                new OpenAiChat(ChatDialect.OPENAI, tokenizers),
                List.of(
                        new Formats.Spoken(new OpenAiApi(ChatDialect.OPENAI, tokenizers), List.of("openai", "xai")),
                        new Formats.Spoken(new AnthropicApi(tokenizers, clock), List.of("anthropic")),
                        new Formats.Spoken(new GeminiApi(tokenizers), List.of("gemini"))));
    }
}

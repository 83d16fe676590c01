package dev.quotary.provider.text;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.Locale;

/**
 * OpenAI's vocabularies, each loaded at its first use: o200k takes about a second and 39 MB, and most servers never estimate. One serves all
 * dialects; it may be shared by threads.
 */
public final class Tokenizers {
    private final EncodingRegistry registry = Encodings.newLazyEncodingRegistry();

    /**
     * The vocabulary of a model. GPT-4 and GPT-3.5 have the older one; newer models than GPT-5 are in no published table and are taken to
     * have the newest.
     */
    public synchronized Encoding of(String model) {
        return registry.getEncoding(type(model));
    }

    private static EncodingType type(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        boolean older = name.equals("gpt-4") || name.startsWith("gpt-4-") || name.startsWith("gpt-3.5");
        return older ? EncodingType.CL100K_BASE : EncodingType.O200K_BASE;
    }
}

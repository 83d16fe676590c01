package dev.quotary.provider.openai;

import dev.quotary.provider.ErrorShape;
import dev.quotary.provider.ProviderError;
import dev.quotary.provider.WireFormat;
import java.util.Optional;

/** One API of OpenAI, with what they all have in common. */
public interface OpenAiFormat extends WireFormat, RequestFormat {
    OpenAiShared shared();

    @Override
    default Optional<ProviderError> readError(byte[] body) {
        return ErrorReader.read(shared().json(), body, 0, body.length);
    }

    @Override
    default ErrorShape errors() {
        return shared().errors();
    }
}

package dev.quotary.e2e;

import dev.quotary.e2e.RawHttp.Header;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Bodies of chat completions, asked and answered, as short as they can be. */
final class Chat {
    static final List<Header> EVENT_STREAM = List.of(new Header("content-type", "text/event-stream"));

    /** A call that names the most it may write. It is held with 35 tokens: 20 hidden, 4 for the message, 6 of text, 5 of output. */
    static final String CAPPED =
            "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":5}";

    /** The same without a cap. */
    static final String UNCAPPED = "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

    static final String STREAMED =
            "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],\"max_tokens\":5,\"stream\":true}";

    static final String STREAMED_WITH_USAGE =
            STREAMED.replaceFirst("}$", ",\"stream_options\":{\"include_usage\":true}}");

    private Chat() {}

    /** A whole answer that reports this usage. */
    static String answer(long input, long output) {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-mini-2024-07-18\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},"
                + "\"finish_reason\":\"stop\"}]," + usage(input, output) + "}";
    }

    /** A whole answer that reports none. */
    static String answerWithoutUsage() {
        return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-mini-2024-07-18\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello.\"},"
                + "\"finish_reason\":\"stop\"}]}";
    }

    /** A chunk of a stream with this text. */
    static String chunk(String text) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini-2024-07-18\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}]}\n\n";
    }

    /** The end of a stream with this usage. */
    static String end(long input, long output) {
        return "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini-2024-07-18\","
                + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                + "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
                + "\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[]," + usage(input, output) + "}\n\n"
                + "data: [DONE]\n\n";
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String usage(long input, long output) {
        return "\"usage\":{\"prompt_tokens\":" + input + ",\"completion_tokens\":" + output + ",\"total_tokens\":"
                + (input + output) + "}";
    }
}

package dev.quotary.provider.openai.images;

import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;

import dev.quotary.provider.ProviderRequest;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.json.RequestCursor;
import dev.quotary.provider.json.RequestMembers;
import dev.quotary.provider.openai.ModelMember;
import dev.quotary.provider.openai.OpenAiFormat;
import dev.quotary.provider.openai.SplicedRequest;
import dev.quotary.provider.openai.Splices;
import java.io.IOException;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one request for images that came as JSON, in a single pass and without building a tree. */
final class ImageJsonReader implements RequestMembers.Reader, RequestMembers.Values {
    private static final NavigableSet<String> READ =
            RequestMembers.names("model", "n", "stream", "partial_images", "user", "images", "image", "mask");

    private static final Set<String> PROMPTLESS = Set.of(
            "background",
            "input_fidelity",
            "moderation",
            "output_compression",
            "output_format",
            "quality",
            "response_format",
            "size",
            "style");

    private final SplicedRequest.Body source;
    private final OpenAiFormat format;
    private final RequestCursor cursor;
    private final RequestMembers members;
    private final ModelMember model = new ModelMember();

    private long textBytes;
    private int given;
    private OptionalLong made = OptionalLong.empty();
    private OptionalLong partial = OptionalLong.empty();
    private boolean stream;
    private Optional<String> user = Optional.empty();

    private ImageJsonReader(SplicedRequest.Body source, OpenAiFormat format, RequestCursor cursor) {
        this.source = source;
        this.format = format;
        this.cursor = cursor;
        this.members = new RequestMembers(cursor, source.bytes(), READ);
    }

    static RequestReading read(SplicedRequest.Body source, OpenAiFormat format) {
        return RequestMembers.read(
                format.shared().json(), source.bytes(), cursor -> new ImageJsonReader(source, format, cursor));
    }

    @Override
    public void members() throws IOException {
        members.read(this);
        members.require("model");
        if (cursor.ok()) {
            asked().rejected().ifPresent(cursor::reject);
        }
    }

    @Override
    public void other(String name) throws IOException {
        long length = cursor.skip();
        textBytes += PROMPTLESS.contains(name) ? 0 : length;
    }

    @Override
    public void known(String name) throws IOException {
        switch (name) {
            case "model" -> model.read(cursor, members);
            case "n" -> made = members.number(name, 1, ImageRequest.MADE_MAX);
            case "partial_images" -> partial = members.number(name, 0, ImageRequest.PARTIAL_MAX);
            case "stream" -> stream = members.flag(name);
            case "user" -> user = members.text(name, SplicedRequest.USER_LENGTH_MAX);
            default -> given();
        }
    }

    private void given() throws IOException {
        if (cursor.at(START_ARRAY)) {
            while (cursor.more()) {
                given++;
                cursor.skip();
            }
        } else {
            given += cursor.atNull() ? 0 : 1;
            cursor.skip();
        }
    }

    private ImageRequest asked() {
        int previews = stream ? (int) partial.orElse(0) : 0;
        return new ImageRequest(model.name(), textBytes, given, (int) made.orElse(1), stream, previews, user);
    }

    @Override
    public ProviderRequest request() {
        return new SplicedRequest(source.renamedBy(model.renaming()), asked().facts(), Splices.NONE, format);
    }
}

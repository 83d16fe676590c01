package dev.quotary.provider.openai.audio;

import dev.quotary.price.Component;
import dev.quotary.price.Fees;
import dev.quotary.price.TokenUsage;
import dev.quotary.provider.InputBound;
import dev.quotary.provider.OutputBound;
import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.Streaming;
import dev.quotary.provider.form.Form;
import dev.quotary.provider.form.FormFields;
import dev.quotary.provider.form.Part;
import dev.quotary.provider.json.RequestMembers;
import dev.quotary.provider.openai.FormModel;
import dev.quotary.provider.openai.OpenAiFormat;
import dev.quotary.provider.openai.SplicedRequest;
import dev.quotary.provider.openai.Tiers;
import java.util.EnumSet;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Reads one request for the text of a recording. */
final class TranscriptionRequestReader {
    private static final String FORMAT = "response_format";

    private static final NavigableSet<String> READ =
            RequestMembers.names(FormModel.FIELD, "stream", FORMAT, "user", "stream_options");

    /** Of other formats, which are bare text or subtitles, the answer says nothing about its usage. */
    private static final Set<String> FORMATS = Set.of("json", "verbose_json", "diarized_json");

    private static final int WORD_LENGTH_MAX = 64;

    private TranscriptionRequestReader() {}

    /** @param verboseOnly whether only the verbose answer tells how long the audio is */
    static RequestReading read(SplicedRequest.Body source, OpenAiFormat format, boolean verboseOnly) {
        var form = Form.read(source.head().header("content-type"), source.bytes());
        var fields = new FormFields(form, READ);
        var model = FormModel.read(fields);
        boolean stream = fields.flag("stream");
        var answer = fields.text(FORMAT, WORD_LENGTH_MAX).orElse("json");
        if (verboseOnly ? !answer.equals("verbose_json") : !FORMATS.contains(answer)) {
            fields.reject(Rejected.of(
                    "Unsupported '" + FORMAT + "': only " + (verboseOnly ? "verbose_json" : "json and verbose_json")
                            + " tells what the call used, so that it can be metered.",
                    FORMAT));
        }
        var files = fields.others().stream()
                .filter(TranscriptionRequestReader::recording)
                .toList();
        if (files.size() != 1) {
            fields.reject(Rejected.of("Invalid 'file': expected one file.", "file"));
        }
        var user = fields.text("user", SplicedRequest.USER_LENGTH_MAX);
        long text = fields.others().stream()
                .filter(part -> !recording(part))
                .mapToLong(Part::length)
                .sum();
        return model.parsed(
                fields,
                source,
                format,
                () -> facts(model.name(), stream, text, files.getFirst().length(), user));
    }

    /** Clients that stream a file may not name it. */
    private static boolean recording(Part part) {
        return part.file() || part.name().equals("file");
    }

    private static RequestFacts facts(
            String model, boolean stream, long textBytes, int fileBytes, Optional<String> user) {
        // whisper ignores the wish for a stream, and counts no tokens.
        boolean bySeconds = model.toLowerCase(Locale.ROOT).contains("whisper");
        long seconds = AudioLength.secondsMax(fileBytes);
        var input = bySeconds
                ? new InputBound(0, 0, 0, 0)
                : new InputBound(textBytes, AudioLength.tokensMax(seconds), 20, 0);
        return new RequestFacts(
                model,
                stream && !bySeconds ? Streaming.ON_WITH_USAGE : Streaming.OFF,
                input,
                bySeconds ? OutputBound.NONE : new OutputBound(OptionalLong.of(AudioLength.wordsMax(seconds)), 1),
                EnumSet.of(Component.INPUT, Component.INPUT_AUDIO, Component.OUTPUT),
                Tiers.possible(Optional.of("default")),
                Set.of(),
                Fees.of(Component.AUDIO_SECONDS, Math.min(seconds, TokenUsage.TOKENS_MAX)),
                user,
                false);
    }
}

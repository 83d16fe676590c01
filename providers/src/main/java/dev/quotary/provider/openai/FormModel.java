package dev.quotary.provider.openai;

import dev.quotary.provider.RequestFacts;
import dev.quotary.provider.RequestReading;
import dev.quotary.provider.RequestReading.Parsed;
import dev.quotary.provider.RequestReading.Rejected;
import dev.quotary.provider.form.FormFields;
import dev.quotary.provider.form.Part;
import dev.quotary.provider.json.Edit;
import java.util.function.Supplier;

/**
 * The field {@code model} of a form: its name, and where it stands.
 *
 * @param place of its content
 */
public record FormModel(String name, Part place) {
    public static final String FIELD = "model";

    private static final Part NOWHERE = new Part(FIELD, false, 0, 0);

    public static FormModel read(FormFields fields) {
        var place = fields.part(FIELD);
        var name = fields.text(FIELD, ModelMember.LENGTH_MAX).orElse("");
        if (place.isEmpty()) {
            fields.reject(Rejected.of("Missing required parameter: 'model'.", FIELD));
        } else if (!ModelMember.valid(name) || name.indexOf('\uFFFD') >= 0) {
            fields.reject(Rejected.of("Invalid 'model': expected the name of a model.", FIELD));
        }
        return new FormModel(name, place.orElse(NOWHERE));
    }

    /** What came of reading the form whose model this is. */
    public RequestReading parsed(
            FormFields fields, SplicedRequest.Body source, OpenAiFormat format, Supplier<RequestFacts> facts) {
        if (fields.rejected().isPresent()) {
            return fields.rejected().get();
        }
        SplicedRequest.Renaming renaming = other -> new Edit(place.from(), place.to(), other);
        return new Parsed(new SplicedRequest(source.renamedBy(renaming), facts.get(), Splices.NONE, format));
    }
}
